// Looks at the report page as a person would: page_test.js CHROMIUM PAGES SCREENSHOTS
'use strict';

const {runAll} = require('./browser.js');

runAll({...require('./page_looks.js'), ...require('./page_uses.js'), ...require('./page_paper.js')})
  .then((failed) => process.exit(failed === 0 ? 0 : 1), (error) => {
    console.error(error);
    process.exit(1);
  });
