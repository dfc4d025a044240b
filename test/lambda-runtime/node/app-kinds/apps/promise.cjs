const { site } = require('./express-site.cjs');

module.exports = new Promise((resolve) => setTimeout(() => resolve(site(require('express'))), 20));
