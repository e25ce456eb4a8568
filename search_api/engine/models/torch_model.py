"""Everything that needs torch: building the default model's folder, the reference embedder and the export to ONNX.

Serving never imports this module; preparing a model does, once.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search_api.engine.models.adapter import Adapter
from search_api.engine.models.e5_package import E5Package
from search_api.engine.models.embedder import E5_PREFIXES, Role, Vectors, unit_rows

_MODULES = (
    ("", "sentence_transformers.models.Transformer"),
    ("1_Pooling", "sentence_transformers.models.Pooling"),
    ("2_Normalize", "sentence_transformers.models.Normalize"),
)
_SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>"}
_MARKS = {**_SPECIAL, "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>"}
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_PARTS = {
    "word_embeddings.weight": "emb.word",
    "position_embeddings.weight": "emb.pos",
    "token_type_embeddings.weight": "emb.type",
    "LayerNorm.weight": "emb.ln.w",
    "LayerNorm.bias": "emb.ln.b",
}
_BLOCK = 32


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by name or path: the reference that serving is compared with."""

    def __init__(self, name_or_path: str, prefixes: Mapping[Role, str] | None = None) -> None:
        self._model = load_sentence_transformer(name_or_path)
        self._name = Path(name_or_path).name
        self._prefixes = prefixes or prefixes_of(self._model, name_or_path)

    @property
    def model_id(self) -> str:
        """``<name>/torch-f32``."""
        return f"{self._name}/torch-f32"

    @property
    def dimension(self) -> int:
        """Number of components of every vector."""
        return dimension_of(self._model)

    @property
    def blocks(self) -> tuple[int, ...]:
        """One model, one block."""
        return (self.dimension,)

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """See ``Embedder.embed``: shape (len(texts), dimension), unit length."""
        prefixed = [self._prefixes[role] + text for text in texts]
        vectors = self._model.encode(prefixed, prompt="", convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(vectors.reshape(len(texts), self.dimension))


def load_sentence_transformer(name_or_path: str) -> Any:
    """The model in evaluation mode on the CPU, with plain attention, which exports to few and fast operators."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # E5 has no pooler and is told so at every start
    return SentenceTransformer(name_or_path, device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()


def prefixes_of(model: Any, name: str) -> dict[Role, str]:
    """What the model puts before queries and passages: its own prompts, else E5's for an E5 model, else nothing."""
    prompts = dict(model.prompts or {})
    query, passage = prompts.get("query") or "", prompts.get("passage") or prompts.get("document") or ""
    if not (query or passage) and "e5" in Path(name).name.lower():
        return dict(E5_PREFIXES)
    return {"query": query, "passage": passage}


def dimension_of(model: Any) -> int:
    """Number of components of the model's vectors."""
    return int(model.get_embedding_dimension())


def max_tokens_of(model: Any) -> int:
    """The longest input in tokens, at most 512."""
    return min(int(model.max_seq_length or 512), 512)


def write_e5_folder(package: E5Package, folder: Path, adapter: Adapter | None = None) -> None:
    """Write the packaged model as a normal sentence-transformers folder (transformer, mean pooling, unit length).

    Its weights are corrected by ``adapter``, where one is given.
    """
    from safetensors.numpy import save_file  # noqa: PLC0415

    folder.mkdir(parents=True)
    names = _weight_names(package.sizes.layers)
    weights = {name: package.tensor(source) for name, source in names.items()}
    if adapter:
        weights = {name: adapter.correct(names[name], weight) for name, weight in weights.items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(package).save(str(folder / "tokenizer.json"), pretty=False)
    for name, content in _settings_files(package).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / "2_Normalize").mkdir()


def build_tokenizer(package: E5Package) -> Any:
    """XLM-R's tokenizer from the package's pieces: ids equal to the published tokenizer's."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers  # noqa: PLC0415
    from tokenizers.pre_tokenizers import Metaspace  # noqa: PLC0415
    from tokenizers.processors import TemplateProcessing  # noqa: PLC0415

    words = package.vocabulary
    pieces = list(zip(words.pieces, words.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=words.unk, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(_charsmap()), spaces])
    tokenizer.pre_tokenizer = Metaspace("▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always")
    marks = [("<s>", words.bos), ("</s>", words.eos)]
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=marks
    )
    special = [AddedToken(mark, special=True, normalized=False) for mark in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer.add_special_tokens([*special, AddedToken("<mask>", lstrip=True, special=True, normalized=False)])
    return tokenizer


def smooth_linear_inputs(model: Any, texts: Sequence[str], strength: float = 0.65) -> None:
    """Even out the inputs of all linear layers, so that int8 loses little; what they compute stays the same.

    A few channels of a transformer's activations are far larger than the rest and would use up the 256 steps of
    int8. Each channel is divided by max|activation|^strength / max|weight|^(1 - strength) and its weights are
    multiplied by it (SmoothQuant, Xiao et al. 2023, equation 4). The maximum is the mean over ``texts`` of each
    text's own, since at run time every text has its own range.
    """
    import torch  # noqa: PLC0415

    transformer = model[0].auto_model
    linear = [module for module in transformer.modules() if isinstance(module, torch.nn.Linear)]
    peaks = _activation_peaks(model, linear, texts)
    for layer in linear:
        if layer in peaks:
            weight = layer.weight.detach()
            scale = peaks[layer].clamp(min=1e-5) ** strength / weight.abs().amax(0).clamp(min=1e-5) ** (1 - strength)
            scale = scale / scale.log().mean().exp()
            layer.weight = torch.nn.Parameter(weight * scale, requires_grad=False)
            layer.register_forward_pre_hook(_divider(1 / scale))


def export_onnx(model: Any, target: Path, max_tokens: int) -> None:
    """Write ``model`` as ONNX with batch and length left open.

    Inputs ``input_ids`` and ``attention_mask`` (int64, batch x length); outputs ``last_hidden_state``
    (batch x length x hidden) and ``sentence_embedding`` (batch x dimension, unit length).
    """
    import torch  # noqa: PLC0415

    ids = torch.randint(5, 1000, (2, 16))
    mask = torch.ones_like(ids)
    mask[1, 10:] = 0
    # 0 and 1 are never open in torch.export; the program itself also runs with a batch of 1
    axes = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("length", min=2, max=max_tokens)}
    with torch.no_grad():
        program = torch.onnx.export(
            _exportable(model),
            (ids, mask),
            dynamo=True,
            verbose=False,
            input_names=["input_ids", "attention_mask"],
            output_names=["last_hidden_state", "sentence_embedding"],
            dynamic_shapes={"input_ids": axes, "attention_mask": axes},
        )
    assert program is not None
    program.save(str(target))


def shrink_word_table(source: Path, target: Path) -> None:
    """Write ``source`` with its word table in blocks of 32 weights with one scale each.

    4 bits where that loses nothing, as for the packaged E5, whose table was stored so; else 8 bits.
    """
    import onnx  # noqa: PLC0415
    from onnx import helper, numpy_helper  # noqa: PLC0415

    graph_model = onnx.load(str(source))
    graph = graph_model.graph
    table = max(graph.initializer, key=lambda tensor: int(numpy_helper.to_array(tensor).size))
    bits, codes, scales = _blocks(numpy_helper.to_array(table))
    parts = [numpy_helper.from_array(codes, "words_q"), numpy_helper.from_array(scales, "words_scale")]
    for place, node in enumerate(graph.node):
        if node.op_type == "Gather" and node.input[0] == table.name:
            inputs = ["words_q", node.input[1], "words_scale"]
            options = {"bits": bits, "block_size": _BLOCK, "gather_axis": 0, "quantize_axis": 1}
            lookup = helper.make_node(
                "GatherBlockQuantized", inputs, list(node.output), domain="com.microsoft", **options
            )
            graph.node[place].CopyFrom(lookup)
    graph.initializer.remove(table)
    graph.initializer.extend(parts)
    graph_model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(graph_model, str(target))


def store_weights_apart(source: Path, target: Path) -> None:
    """Write ``source`` with its weights in a file beside it (``.data``), which is then mapped instead of parsed."""
    import onnx  # noqa: PLC0415

    model = onnx.load(str(source))
    onnx.save(
        model,
        str(target),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=f"{target.name}.data",
        size_threshold=1024,
    )
    target.with_name(f"{target.name}.data").chmod(target.stat().st_mode & 0o777)  # onnx lets only the owner read it


def library_versions() -> dict[str, str]:
    """Versions of the libraries that preparation depends on."""
    from importlib.metadata import version  # noqa: PLC0415

    names = ("torch", "sentence-transformers", "transformers", "tokenizers", "sentencepiece", "onnx", "onnxscript")
    return {name: version(name) for name in names}


def _weight_names(layers: int) -> dict[str, str]:
    """Name in BertModel → name in the package."""
    names = {f"embeddings.{name}": source for name, source in _EMBEDDING_PARTS.items()}
    for layer in range(layers):
        for short, long in _LAYER_PARTS.items():
            names[f"encoder.layer.{layer}.{long}.weight"] = f"l{layer}.{short}.w"
            names[f"encoder.layer.{layer}.{long}.bias"] = f"l{layer}.{short}.b"
    return names


def _settings_files(package: E5Package) -> dict[str, Any]:
    sizes, words = package.sizes, package.vocabulary
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": float(f"{sizes.epsilon:.3g}"),
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": words.pad,
        "type_vocab_size": sizes.token_types,
        "vocab_size": sizes.vocabulary,
    }
    tokenizer = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": sizes.positions, **_MARKS}
    tokenizer["model_input_names"] = ["input_ids", "attention_mask"]
    return {
        "config.json": config,
        "tokenizer_config.json": tokenizer,
        "special_tokens_map.json": _MARKS,
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": dict(E5_PREFIXES), "similarity_fn_name": "cosine"},
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": kind}
            for place, (path, kind) in enumerate(_MODULES)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
    }


def _charsmap() -> bytes:
    """SentencePiece's compiled nmt_nfkc table, taken from a throw-away model: the library has no other way to it."""
    import sentencepiece  # noqa: PLC0415
    from sentencepiece import sentencepiece_model_pb2  # noqa: PLC0415

    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e", "ab cd"] * 10),
        model_writer=trained,
        vocab_size=12,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(trained.getvalue())
    return bytes(model.normalizer_spec.precompiled_charsmap)


def _activation_peaks(model: Any, linear: Sequence[Any], texts: Sequence[str]) -> dict[Any, Any]:
    """Per linear layer and input channel the largest absolute value in a text, as a mean over the texts."""
    sums: dict[Any, Any] = {}

    def note(layer: Any, inputs: Any) -> None:
        seen = inputs[0].detach().abs().reshape(-1, inputs[0].shape[-1]).amax(0)
        sums[layer] = sums[layer] + seen if layer in sums else seen

    hooks = [layer.register_forward_pre_hook(note) for layer in linear]
    for text in texts:  # one at a time: padding would count as text
        model.encode([text], prompt="", show_progress_bar=False)
    for hook in hooks:
        hook.remove()
    return {layer: total / len(texts) for layer, total in sums.items()}


def _divider(factor: Any) -> Any:
    return lambda _layer, inputs: (inputs[0] * factor, *inputs[1:])


def _exportable(model: Any) -> Any:
    """The model's modules as one program from token ids to token and sentence vectors."""
    import torch  # noqa: PLC0415

    class Program(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].auto_model
            self.rest = torch.nn.ModuleList(list(model)[1:])

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            states = self.transformer(input_ids=input_ids, attention_mask=attention_mask)[0]
            features = {"token_embeddings": states, "attention_mask": attention_mask}
            for module in self.rest:
                features = module(features)
            return states, torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)

    return Program().eval()


def _blocks(table: Any) -> tuple[int, Any, Any]:
    """The table's codes and scales for GatherBlockQuantized: (bits, uint8 codes, float32 scales per block)."""
    import numpy as np  # noqa: PLC0415

    blocks = table.reshape(len(table), -1, _BLOCK)
    peaks = np.take_along_axis(blocks, np.abs(blocks).argmax(2)[..., None], 2)[..., 0]
    for bits, scales in ((4, -peaks / 8), (8, np.abs(peaks) / 127)):
        middle = 1 << (bits - 1)
        steps = np.where(scales == 0, 1, scales)[..., None]
        codes = np.clip(np.rint(blocks / steps) + middle, 0, 2 * middle - 1).astype(np.uint8)
        if bits == 8 or np.array_equal((codes.astype(np.float32) - middle) * scales[..., None], blocks):
            break
    codes = codes.reshape(table.shape)
    packed = codes if bits == 8 else codes[:, 0::2] | (codes[:, 1::2] << 4)
    return bits, packed, scales.astype(np.float32)
