// tus-js-client as it comes from the registry, for tests. Enters: one JSON argument {packages, path, url?, endpoint,
// headers, metadata, options, action}. Leaves: one JSON value a line: {progress} as bytes go, then {url} or {error}.
const fs = require("node:fs");
const { createRequire } = require("node:module");

const given = JSON.parse(process.argv[2]);
const tus = createRequire(given.packages)("tus-js-client");
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

function failed(error) {
  const answer = error.originalResponse;
  say({ error: String(error.message), status: answer ? answer.getStatus() : 0, body: answer ? answer.getBody() : "" });
}

if (given.action === "terminate") {
  tus.Upload.terminate(given.url, { headers: given.headers, retryDelays: null }).then(() => say({ url: given.url }), failed);
} else {
  const upload = new tus.Upload(fs.createReadStream(given.path), {
    endpoint: given.endpoint,
    uploadUrl: given.url ?? null,
    headers: given.headers,
    metadata: given.metadata,
    uploadSize: fs.statSync(given.path).size,
    retryDelays: [200, 500, 1000, 2000, 4000, 8000, 8000],
    ...given.options,
    onProgress: (sent) => say({ progress: sent }),
    onSuccess: () => say({ url: upload.url }),
    onError: failed,
  });
  upload.start();
}
