// Imported first by every script: npm brings Node 24 as a package and puts it first on the path of its scripts.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Node ${process.versions.node} runs this; Node 24 is needed. Run "npm install" without --ignore-scripts (it brings Node 24), then start this by "npm run".`,
  );
  process.exit(1);
}
