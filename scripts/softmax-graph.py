"""Writes src/tuning/heads/softmax-graph.ts: uv run --with onnx==1.23.2 --with numpy scripts/softmax-graph.py"""

import base64
import pathlib
import textwrap

from onnx import TensorProto, checker, helper

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


nodes = [
    ("Gemm", ["rows", "weights", "biases"], ["scores"], {}),
    ("LogSoftmax", ["scores"], ["logs"], {"axis": -1}),
    ("Shape", ["biases"], ["classes"], {}),
    ("OneHot", ["labels", "classes", "offOn"], ["own"], {}),
    ("Mul", ["logs", "own"], ["ownLogs"], {}),
    ("ReduceSum", ["ownLogs", "lastAxis"], ["likelihoods"], {"keepdims": 0}),
    ("Exp", ["logs"], ["probabilities"], {}),
    ("Sub", ["probabilities", "own"], ["residuals"], {}),
    ("Gemm", ["rows", "residuals"], ["weightSums"], {"transA": 1}),
    ("ReduceSum", ["residuals", "firstAxis"], ["biasSums"], {"keepdims": 0}),
]
graph = helper.make_graph(
    [helper.make_node(op, inputs, outputs, **options) for op, inputs, outputs, options in nodes],
    "softmax regression: log-likelihoods of labels and sums of gradients",
    [
        value("rows", FLOAT, "n", "d"),
        value("labels", INT64, "n"),
        value("weights", FLOAT, "d", "k"),
        value("biases", FLOAT, "k"),
    ],
    [
        value("likelihoods", FLOAT, "n"),
        value("weightSums", FLOAT, "d", "k"),
        value("biasSums", FLOAT, "k"),
    ],
    [
        helper.make_tensor("offOn", FLOAT, [2], [0.0, 1.0]),
        helper.make_tensor("lastAxis", INT64, [1], [1]),
        helper.make_tensor("firstAxis", INT64, [1], [0]),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
checker.check_model(model, full_check=True)
lines = textwrap.wrap(base64.b64encode(model.SerializeToString()).decode(), 100)
out = pathlib.Path(__file__).parent.parent / "src/tuning/heads/softmax-graph.ts"
out.write_text(
    "/** ONNX graph of one pass over rows, written by scripts/softmax-graph.py, which says what it computes. */\n"
    "export const softmaxGraph = Buffer.from(\n  `\n"
    + "\n".join(lines)
    + "\n`,\n  'base64',\n);\n"
)
