// Is all that a compliance report says on its paper, too? read_paper.js COMPLIANCE_JSON TEXT_OF_PDF
'use strict';

const fs = require('node:fs');

const [json, pdf] = process.argv.slice(2).map((file) => fs.readFileSync(file, 'utf8'));
// Lines are broken anywhere on paper.
const bare = (text) => text.normalize('NFKC').replace(/[\s\u00ad\u2010-]/g, '');
const paper = bare(pdf);
const missing = [];
let told = 0;

function look(value, key) {
  if (typeof value === 'string') {
    // The name of the schema is for programs.
    if (value === '' || key === 'schema') return;
    ++told;
    if (!paper.includes(bare(value))) missing.push(value);
  } else if (value !== null && typeof value === 'object') {
    for (const [inner, one] of Object.entries(value)) look(one, inner);
  }
}

look(JSON.parse(json));
if (told < 100) throw new Error(`only ${told} texts in the report`);
if (missing.length > 0)
  throw new Error(`${missing.length} of ${told} texts are not on paper: ${JSON.stringify(missing.slice(0, 5))}`);
console.log(`${told} texts, all on paper`);
