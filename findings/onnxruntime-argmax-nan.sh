#!/usr/bin/env bash
# onnxruntime's ArgMax and TopK disagree over a NaN, and a later release swaps their answers.
#
# Version:  onnxruntime-web 1.30.0 (npm) in Node, beside onnxruntime 1.32.0 (Python) on x86-64
# Expected: the largest of [1, NaN, 2] is at one place for ArgMax and for TopK with k = 1, and
#           stays there from release to release
# Seen:     in 1.30.0 ArgMax takes the NaN and TopK passes over it (so does 1.30.0 in Python); in
#           1.32.0 ArgMax passes over it and TopK puts it first
# So what:  greedy sampling from logits with a NaN goes on, with a token that depends on the
#           operator and the release; look for NaN before sampling
# Needs:    node, npm, python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent onnxruntime-web@1.30.0
export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python \
	onnxruntime==1.32.0 onnx==1.20.0 numpy==2.4.6
cat >python.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

graph = helper.make_graph(
    [helper.make_node("ArgMax", ["x"], ["argmax"], axis=0, keepdims=1),
     helper.make_node("TopK", ["x", "k"], ["top", "topk"])],
    "largest",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None])],
    [helper.make_tensor_value_info(name, TensorProto.INT64, [None]) for name in ("argmax", "topk")],
    [numpy_helper.from_array(np.array([1]), "k")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, "model.onnx")
session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
for values in ([1, 3, 2], [1, np.nan, 2]):
    argmax, topk = session.run(None, {"x": np.array(values, np.float32)})
    print("1.32.0", values, "ArgMax", argmax.tolist(), "TopK", topk.tolist())
EOF
cat >javascript.mjs <<'EOF'
import * as ort from 'onnxruntime-web';

const session = await ort.InferenceSession.create('model.onnx');
for (const values of [[1, 3, 2], [1, NaN, 2]]) {
  const { argmax, topk } = await session.run({ x: new ort.Tensor('float32', values, [3]) });
  console.log(`1.30.0 ${JSON.stringify(values)} ArgMax [${argmax.data}] TopK [${topk.data}]`);
}
EOF
{
	python3 python.py
	node javascript.mjs
} | tee seen

diff - seen <<'EOF'
1.32.0 [1, 3, 2] ArgMax [1] TopK [1]
1.32.0 [1, nan, 2] ArgMax [2] TopK [1]
1.30.0 [1,3,2] ArgMax [1] TopK [1]
1.30.0 [1,null,2] ArgMax [1] TopK [2]
EOF
