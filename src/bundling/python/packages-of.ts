import { PythonDependencies } from './python-dependencies';
import { PythonTarget } from './python-target';

/** What a user should know of an installation. */
export interface InstalledPackages {
  /** The packages that were built instead of downloaded, as in `docopt==0.6.2`. */
  readonly built: string[];
  /** Whether pip decided by the markers of another Python version than that of the function. */
  readonly markersOf?: string;
  /** If the app reads metadata, and its own could not be built: why. */
  readonly metadataMissing?: string;
}

/** The app whose packages are installed. */
export interface PackagesOf {
  readonly constructPath: string;
  readonly dependencies?: PythonDependencies;
  /** The folder with the dependency file. */
  readonly project?: string;
  /** The folder that is uploaded. */
  readonly root: string;
  readonly target: PythonTarget;
}
