// Parses the AsyncAPI document named on the command line, its references and examples; prints its operations.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { Parser } = createRequire(join(process.env.TOOLS, 'node_modules', 'any.js'))('@asyncapi/parser');
const [file] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(readFileSync(file, 'utf8'), { source: file });
// 0 is an error, 1 a warning; hints and notes are advice
for (const { severity, code, path, message } of diagnostics.filter((d) => d.severity <= 1)) {
  console.error(severity === 0 ? 'error' : 'warning', code, path.join('.'), message);
  process.exitCode = 1;
}
for (const operation of document?.allOperations() ?? []) {
  const [channel] = operation.channels().all();
  for (const message of operation.messages().all()) {
    console.log(operation.action(), channel.id(), message.name(), Object.keys(message.payload().properties() ?? {}).length);
  }
}
