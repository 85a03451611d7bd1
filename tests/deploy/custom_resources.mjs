// Validates the custom resources in the files named on the command line; prints each one's kind.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const installed = join(process.env.TOOLS, 'node_modules');
const yaml = createRequire(join(installed, 'any.js'))('js-yaml');
const modules = {
  'keda.sh/v1alpha1': '@kubernetes-models/keda/keda.sh/v1alpha1/index.js',
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/index.js',
};

for (const file of process.argv.slice(2)) {
  for (const document of yaml.loadAll(readFileSync(file, 'utf8'))) {
    const models = await import(join(installed, modules[document.apiVersion]));
    new models[document.kind](document).validate();
    console.log(document.kind);
  }
}
