const { site } = require('./express-site.cjs');

exports.default = () => site(require('express'));
