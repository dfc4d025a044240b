const polka = require('polka');
const { listener } = require('./site.cjs');

polka().use((req, res) => listener(req, res)).listen(process.env.PORT || 3000);
