import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { stageBundle, StageBundleProps } from '../../../src/bundling/stage-bundle';
import { scratchFolder } from '../synthesis';

const NOTHING = { leftOut: [], doubtful: [] };

/** A synthesis of a stack with one bundle. */
function synth(outdir: string, props: Partial<StageBundleProps> = {}, context: Record<string, unknown> = {}): { asset: string; messages: unknown[] } {
  const app = new cdk.App({ outdir, context });
  const stack = new cdk.Stack(app, 'Stack');
  const code = stageBundle(stack, { inputs: 'the same', reusable: true, bundle: writing({ 'app.py': 'x' }), ...props });
  new lambda.Function(stack, 'Function', { code, runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' });
  app.synth();
  const { files } = JSON.parse(readFileSync(path.join(outdir, 'Stack.assets.json'), 'utf8'));
  const [asset] = Object.values<any>(files).filter(({ source }) => source.packaging === 'zip');
  return { asset: path.join(outdir, asset.source.path), messages: stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data) };
}

function writing(files: { [file: string]: string }): StageBundleProps['bundle'] {
  return directory => {
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(directory, file), text);
    return NOTHING;
  };
}

const fails = () => {
  throw new Error('bundled again');
};


test('the asset is the folder in which the bundle was placed, and is not copied', () => {
  const outdir = scratchFolder();
  const { asset } = synth(outdir);
  expect(readFileSync(path.join(asset, 'app.py'), 'utf8')).toBe('x');
  expect(readdirSync(outdir).filter(name => name.startsWith('asset.') || name.startsWith('bundling')).sort())
    .toEqual([path.basename(asset), `${path.basename(asset)}.contents.json`]);
  expect(statSync(asset).mode.toString(8)).toMatch(/755$/);
});

test('a bundle is written by an absolute path, though the command line of the CDK names its output relative to the working directory', () => {
  const folders: string[] = [];
  synth(path.relative(process.cwd(), scratchFolder()), {
    bundle: directory => {
      folders.push(directory);
      return writing({ 'app.py': 'x' })(directory);
    },
  });
  expect(folders.map(folder => path.isAbsolute(folder))).toEqual([true]);
});

test('the hash depends only on the files of the bundle, without those that are not part of it', () => {
  const hash = (props: Partial<StageBundleProps>) => path.basename(synth(scratchFolder(), props).asset);
  const one = hash({ inputs: '1' });
  expect(hash({ inputs: '2' })).toBe(one);
  expect(hash({ bundle: writing({ 'app.py': 'x', 'app.pyc': 'y' }), hashExclude: ['*.pyc'] })).toBe(one);
  expect(hash({ bundle: writing({ 'app.py': 'y' }) })).not.toBe(one);
});

test('the salt of the CDK changes the hash', () => {
  const { asset } = synth(scratchFolder(), {}, { '@aws-cdk/core:assetHashSalt': 'salt' });
  expect(path.basename(asset)).not.toBe(path.basename(synth(scratchFolder()).asset));
});

describe('the second synthesis', () => {
  test('with the same inputs does not bundle again, and shows the same warnings', () => {
    const outdir = scratchFolder();
    // Over 200 MB there is a warning. The file has a hole, and takes no space on the disk.
    const bundle: StageBundleProps['bundle'] = directory => {
      writeFileSync(path.join(directory, 'large'), '');
      truncateSync(path.join(directory, 'large'), 201 * 1024 ** 2);
      return NOTHING;
    };
    const first = synth(outdir, { bundle });
    expect(first.messages).toEqual([expect.stringContaining('the bundle has 201 MB unzipped')]);
    expect(synth(outdir, { bundle: fails })).toEqual(first);
  });

  test.each([
    ['other inputs', { inputs: 'others' }],
    ['inputs that do not say everything', { reusable: false }],
  ])('with %s bundles again', (_, props) => {
    const outdir = scratchFolder();
    synth(outdir, { reusable: true });
    expect(() => synth(outdir, { ...props, bundle: fails })).toThrow('bundled again');
  });

  test('bundles again if a file of the asset is gone, or the asset, or the record is damaged', () => {
    const outdir = scratchFolder();
    const { asset } = synth(outdir);
    rmSync(path.join(asset, 'app.py'));
    expect(() => synth(outdir, { bundle: fails })).toThrow('bundled again');
    expect(existsSync(path.join(synth(outdir).asset, 'app.py'))).toBe(true);
    rmSync(asset, { recursive: true });
    expect(() => synth(outdir, { bundle: fails })).toThrow('bundled again');
    synth(outdir);
    const [record] = readdirSync(outdir).filter(name => name.startsWith('bundled.'));
    writeFileSync(path.join(outdir, record), '{"finger');
    expect(() => synth(outdir, { bundle: fails })).toThrow('bundled again');
  });

  test('replaces an asset with the same hash that lacks bytecode', () => {
    const outdir = scratchFolder();
    const props = { reusable: false, hashExclude: ['*.pyc'] };
    const { asset } = synth(outdir, props);
    expect(synth(outdir, { ...props, bundle: writing({ 'app.py': 'x', 'app.pyc': 'y' }) }).asset).toBe(asset);
    expect(readdirSync(asset).sort()).toEqual(['app.py', 'app.pyc']);
  });
});

describe('no half bundle', () => {
  const half: StageBundleProps['bundle'] = directory => {
    writeFileSync(path.join(directory, 'half.py'), 'x');
    throw new Error('Stack: no network');
  };

  test('is left behind after an error', () => {
    const outdir = scratchFolder();
    expect(() => synth(outdir, { bundle: half })).toThrow('Stack: no network');
    expect(readdirSync(outdir)).toEqual([]);
  });

  test('is taken for a whole one if another synthesis was ended, or still runs', () => {
    const outdir = scratchFolder();
    mkdirSync(path.join(outdir, 'bundling-temp-abcdef'));
    writeFileSync(path.join(outdir, 'bundling-temp-abcdef/half.py'), 'x');
    expect(readdirSync(synth(outdir).asset)).toEqual(['app.py']);
    expect(existsSync(path.join(outdir, 'bundling-temp-abcdef/half.py'))).toBe(true);
  });

  test('is kept for longer than a day', () => {
    const outdir = scratchFolder();
    const old = path.join(outdir, 'bundling-temp-abcdef');
    mkdirSync(old);
    utimesSync(old, new Date(0), new Date(0));
    synth(outdir);
    expect(existsSync(old)).toBe(false);
  });

  test('comes from two syntheses at once: the one that ends later finds the bundle of the other one', () => {
    const outdir = scratchFolder();
    let inner = '';
    const { asset } = synth(outdir, {
      bundle: directory => {
        writeFileSync(path.join(directory, 'app.py'), 'x');
        inner = synth(outdir).asset;
        return NOTHING;
      },
    });
    expect(asset).toBe(inner);
    expect(readdirSync(asset)).toEqual(['app.py']);
  });
});

test('fails on a full disk with the construct, the folder and what to do', () => {
  const outdir = scratchFolder();
  const bundle = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, copyfile \'a\' -> \'b\''), { code: 'ENOSPC', syscall: 'copyfile' });
  };
  expect(() => synth(outdir, { bundle })).toThrow(`Stack: cannot write the bundle to ${outdir}: ENOSPC: no space left on device, copyfile 'a' -> 'b'; free some space on that disk`);
  expect(readdirSync(outdir)).toEqual([]);
});
