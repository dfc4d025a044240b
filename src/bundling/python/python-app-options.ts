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

  /**
   * The files that list the dependencies of the app, as for `uv pip install -r`: requirements files of any name, or one `pylock.toml`
   * file, e.g. `['requirements/base.txt', 'requirements/production.txt']`. They are relative to the working directory of the CDK app.
   * Other lock files are then not read.
   *
   * @default - the first of `requirements.txt`, `uv.lock`, `pylock.toml`, `poetry.lock` and `Pipfile.lock` in the folder of the project;
   * for a member of a uv workspace the `uv.lock` of the workspace
   */
  readonly requirements?: string[];

  /**
   * Dependency groups that are installed as well, e.g. `['production']`: groups of `pyproject.toml` in `uv.lock`, `pylock.toml` and
   * `poetry.lock`, categories in `Pipfile.lock`.
   *
   * @default - no groups, not even those that uv or Poetry install on a machine of a developer
   */
  readonly groups?: string[];

  /**
   * Extras of the project that are installed as well, e.g. `['postgres']`: the `optional-dependencies` of `pyproject.toml`, in `uv.lock`,
   * `pylock.toml` and `poetry.lock`.
   *
   * @default - no extras
   */
  readonly extras?: string[];

  /**
   * Installs only wheels, so that no code of a package runs on the machine that bundles. A package that has no wheel is an error.
   * Folders of your own, such as `-e ./lib` or a member of the workspace, are still built.
   *
   * @default false - packages without a wheel are built from source, with uv or in Docker, without the variables of AWS and of package
   * indexes and with an empty home folder; a package that has compiled code is an error
   */
  readonly onlyWheels?: boolean;
}
