import { ICommandHooks } from '../command-hooks';

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
   * Files and folders that are not uploaded, in the syntax of `.gitignore` and relative to the root. They are added to the default list:
   * `.env*` (but `.env.example` is uploaded), files with credentials or private keys, `.git*`, virtual environments, caches, the files of
   * the CDK, `tests`, `node_modules`, and what editors and test tools write. A name with `!` in front is taken back from this list, e.g.
   * `!tests`.
   *
   * What was left out, and why, is listed beside the asset in `cdk.out`, in `asset.<hash>.contents.json`.
   *
   * @default - only the default list
   */
  readonly exclude?: string[];

  /**
   * Commands that run on this machine before and after the app is bundled, e.g. `python manage.py collectstatic --noinput`. They run in the
   * folder of the dependency file, or in the root if there is none. With commands the app is bundled at each synthesis, because what they
   * depend on is not known.
   *
   * @default - no commands
   */
  readonly commandHooks?: ICommandHooks;
}
