/** How a Python app is bundled. */
export interface PythonAppOptions {
  /**
   * The folder that the imports of the app start from: with the root `src`, the entry `src/shop/main.py` is the module `shop.main`.
   * The whole folder is uploaded, and it is the working directory on Lambda. It is relative to the working directory of the CDK app.
   *
   * @default - the nearest folder above the entry that has `requirements.txt` or `pyproject.toml` and no `__init__.py`, or the `src`
   * folder in it if the entry is in a package there; if there is no such folder, the nearest one without `__init__.py`
   */
  readonly root?: string;

  /**
   * Files and folders that are not uploaded, in the syntax of `.gitignore` and relative to the root. They are added to the default
   * list: `.git`, `.venv`, `venv`, `__pycache__`, `*.pyc`, `.env`, `tests`, `node_modules`, `cdk.out`, and the folders of editors and
   * test tools. A name with `!` in front is removed from this list, e.g. `!tests`.
   *
   * @default - only the default list
   */
  readonly exclude?: string[];
}
