exports.app = require('./express-site.cjs').site(require('express4'));
