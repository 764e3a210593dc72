// Reads what write_formats wrote as others do, and asks each reader whether the run passed.
//
//   node read_formats.js DIR SCHEMAS      DIR/NAME/..., SCHEMAS: reports/
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv').default;
const ctrf = require('ctrf');
const {Parser} = require('tap-parser');

const [dir, schemas] = process.argv.slice(2);
const text = (name, file) => fs.readFileSync(path.join(dir, name, file), 'utf8');

// Nothing is written that the schema does not describe, though a reader has to bear with it.
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = {};
  for (const [key, value] of Object.entries(schema))
    out[key] = key === 'const' || key === 'enum' ? value : strict(value);
  if (out.properties !== undefined && !Array.isArray(out.properties) &&
      out.type === 'object' && out.additionalProperties === undefined)
    out.additionalProperties = false;
  return out;
}

function validator(file) {
  const schema = JSON.parse(fs.readFileSync(path.join(schemas, file), 'utf8'));
  const ajv = new Ajv({strict: true, allErrors: true, allowUnionTypes: true});
  return ajv.compile(strict(schema));
}

const isReport = validator('report.schema.json');
const isCompliance = validator('compliance.schema.json');

function accept(validate, name, file) {
  const value = JSON.parse(text(name, file));
  assert(validate(value), `${name}/${file} is not as reports/*.schema.json describes it: ` +
    JSON.stringify(validate.errors?.slice(0, 5), null, 1));
  return value;
}

function readTap(name, file) {
  let results;
  const bad = [];
  const parser = new Parser({strict: true}, (all) => { results = all; });
  parser.on('extra', (line) => bad.push(line));
  parser.end(text(name, file));
  assert.deepStrictEqual(bad, [], `${name}/${file}: not TAP`);
  for (const failure of results.failures)
    assert.strictEqual(failure.tapError, null, `${name}/${file}: ${failure.tapError}`);
  return results;
}

function readCtrf(name) {
  const value = JSON.parse(text(name, 'report.ctrf.json'));
  const result = ctrf.validate(value);
  assert(result.valid, `${name}: no CTRF: ${JSON.stringify(result.errors?.slice(0, 5))}`);
  const {summary, tests} = value.results;
  for (const status of ['passed', 'failed', 'skipped', 'pending', 'other'])
    assert.strictEqual(tests.filter((test) => test.status === status).length, summary[status], name);
  assert.strictEqual(tests.length, summary.tests, name);
  return summary;
}

// The rules of the runner (actions/runner, ActionCommand): a command is a line that begins with "::",
// has a name, perhaps properties, and "::" before its data.
function readGithub(name) {
  let errors = 0;
  for (const line of text(name, 'report.github').split('\n')) {
    if (line === '') continue;
    const match = /^::(error|warning|notice) ([^\r\n]*?)::([^\r\n]*)$/.exec(line);
    assert(match, `${name}: no command: ${line}`);
    for (const property of match[2].split(',')) {
      const [key, ...value] = property.split('=');
      assert(['file', 'line', 'col', 'title'].includes(key), `${name}: property ${property}`);
      assert(value.length > 0 && !value.join('=').includes(':'), `${name}: property ${property}`);
    }
    for (const data of [match[2], match[3]])
      assert(/^([^%]|%25|%0D|%0A|%3A|%2C)*$/.test(data), `${name}: not escaped: ${data}`);
    errors += match[1] === 'error' ? 1 : 0;
  }
  return errors;
}

// lava_dispatcher's own pattern.
function readLava(name) {
  let fails = 0;
  let open = false;
  const ids = new Set();
  for (const line of text(name, 'report.lava').trimEnd().split('\n')) {
    const match = /^<LAVA_SIGNAL_(\S+) ([^>]+)>$/.exec(line);
    assert(match, `${name}: no signal: ${line}`);
    if (match[1] === 'TESTSET') {
      const [what, set] = match[2].split(' ');
      assert.strictEqual(what, open ? 'STOP' : 'START', `${name}: ${line}`);
      assert.strictEqual(set !== undefined, !open, `${name}: ${line}`);
      open = !open;
      continue;
    }
    assert.strictEqual(match[1], 'TESTCASE', name);
    const values = Object.fromEntries(match[2].split(' ').map((pair) => pair.split('=')));
    assert.deepStrictEqual(Object.keys(values), ['TEST_CASE_ID', 'RESULT'], `${name}: ${line}`);
    assert(/^[A-Za-z0-9._-]+$/.test(values.TEST_CASE_ID), `${name}: ${line}`);
    assert(!ids.has(values.TEST_CASE_ID), `${name}: twice: ${line}`);
    ids.add(values.TEST_CASE_ID);
    assert(['pass', 'fail', 'skip', 'unknown'].includes(values.RESULT), `${name}: ${line}`);
    fails += values.RESULT === 'fail' ? 1 : 0;
  }
  assert(!open, name);
  return fails;
}

// RFC 4180, to the letter: a quote only around a whole cell or doubled in it, each record ends with
// CR LF and has as many cells as the first.
function readCsv(name) {
  const csv = text(name, 'report.csv');
  const rows = [];
  let at = 0;
  while (at < csv.length) {
    const row = [];
    for (;;) {
      const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
      cell.lastIndex = at;
      const match = cell.exec(csv);
      assert(match, `${name}: no CSV at ${at}: ${JSON.stringify(csv.slice(at, at + 40))}`);
      at = cell.lastIndex;
      row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
      if (match[3] === '\r\n') break;
    }
    rows.push(row);
  }
  for (const row of rows) {
    assert.strictEqual(row.length, rows[0].length, name);
    for (const cell of row)
      assert(!/^[ "]*[=+\-@\t\r]/.test(cell), `${name}: a formula: ${cell}`);
  }
  const at_counts = rows[0].indexOf('counts_as');
  return rows.slice(1).filter((row) => row[at_counts] === 'fail').length;
}

function readSummary(name) {
  const markdown = text(name, 'report.summary.md');
  assert(Buffer.byteLength(markdown) <= 1024 * 1024, `${name}: a summary that GitHub drops`);
  assert(!/[\x00-\x09\x0b-\x1f\x7f]/.test(markdown), `${name}: a control in the summary`);
  assert(!/<(script|img|\/)/i.test(markdown), `${name}: HTML in the summary`);
}

let greens = 0;
const names = fs.readdirSync(dir);
assert(names.length > 10, 'write_formats has written little');
for (const name of names) {
  const green = text(name, 'green') === 'yes';
  greens += green ? 1 : 0;
  accept(isReport, name, 'result.json');
  accept(isCompliance, name, 'compliance.json');
  assert.strictEqual(readTap(name, 'report.tap').ok, green, `${name}: TAP`);
  assert.strictEqual(readTap(name, 'tap14').ok, green, `${name}: TAP 14`);
  assert.strictEqual(readCtrf(name).failed === 0, green, `${name}: CTRF`);
  assert.strictEqual(readGithub(name) === 0, green, `${name}: GitHub`);
  assert.strictEqual(readLava(name) === 0, green, `${name}: LAVA`);
  assert.strictEqual(readCsv(name) === 0, green, `${name}: CSV`);
  readSummary(name);
  console.log(`${name}: read by all, ${green ? 'passed' : 'not passed'}`);
}
assert.strictEqual(greens, 3);
