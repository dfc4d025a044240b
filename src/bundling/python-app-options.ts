/** How a Python app is bundled. */
export interface PythonAppOptions {
  /**
   * The folder that the app's own imports start from: with the root `src`, the entry `src/shop/main.py` is the module `shop.main`.
   * Everything in it is uploaded and it is the working directory on Lambda. Relative to the working directory of the CDK app.
   *
   * @default - the nearest folder above the entry that has no `__init__.py` and holds `requirements.txt` or `pyproject.toml`, or
   * the `src` folder in it if the entry lies there; where there is no such folder, the nearest one without `__init__.py`
   */
  readonly root?: string;

  /**
   * Files and folders that are not uploaded, in the syntax of `.gitignore` and relative to the root. They are added to those that
   * never are: `.git`, `.venv`, `venv`, `__pycache__`, `*.pyc`, `.env`, `tests`, `node_modules`, `cdk.out`, and the folders of
   * editors and test tools. A name with `!` before it takes one of these back: `!tests`.
   *
   * @default - none but those
   */
  readonly exclude?: string[];
}
