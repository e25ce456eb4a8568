"""The region register: codes, names, places and hierarchy of Japan's prefectures and municipalities."""
