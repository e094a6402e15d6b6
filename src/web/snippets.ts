/** A way to load a dataset, ready to be copied. */
export interface Snippet {
  name: string
  language: string
  code: string
}

/**
 * Snippets with this server's address filled in. `HF_UPDATE_DOWNLOAD_COUNTS=0` keeps the Python library from telling huggingface.co the
 * dataset's name. `split` is the one that is read; gated datasets get a token, read from the environment.
 */
export function snippetsOf(given: { origin: string; dataset: string; config: string; split: string; isGated: boolean }): Snippet[] {
  const { origin, dataset, config, split, isGated } = given
  const parquet = `${origin}/api/datasets/${dataset}/parquet/${encodeURIComponent(config)}/${encodeURIComponent(split)}/0.parquet`
  const token = isGated ? 'export HF_TOKEN=hf_…   # make one under your account\n' : ''
  const environment = `export HF_ENDPOINT=${origin}\nexport HF_UPDATE_DOWNLOAD_COUNTS=0\n${token}`
  const secret = isGated ? "CREATE SECRET (TYPE HTTP, BEARER_TOKEN 'hf_…');\n" : ''
  const header = isGated ? ' -H "Authorization: Bearer $HF_TOKEN"' : ''
  return [
    {
      name: 'Python',
      language: 'python',
      code: `# in the shell, before Python starts:\n${environment.replace(/^(?=.)/gm, '#   ')}\nfrom datasets import load_dataset\n\nconversations = load_dataset("${dataset}", split="${split}")\nprint(conversations[0]["conversation"])`,
    },
    {
      name: 'pandas',
      language: 'python',
      code: isGated
        ? `import os\nimport pandas\n\nconversations = pandas.read_parquet(\n    "${parquet}",\n    storage_options={"Authorization": "Bearer " + os.environ["HF_TOKEN"]},\n)`
        : `import pandas\n\nconversations = pandas.read_parquet("${parquet}")`,
    },
    {
      name: 'JavaScript',
      language: 'javascript',
      code: `import { downloadFile, listFiles } from '@huggingface/hub'\n\nconst hub = { hubUrl: '${origin}', repo: { type: 'dataset', name: '${dataset}' }${isGated ? ', accessToken: process.env.HF_TOKEN' : ''} }\nfor await (const { path, size } of listFiles({ ...hub, recursive: true })) console.log(path, size)\nconst card = await downloadFile({ ...hub, path: 'README.md' })`,
    },
    {
      name: 'DuckDB',
      language: 'sql',
      code: `${secret}SELECT model, count(*)\nFROM read_parquet('${parquet}')\nGROUP BY model ORDER BY 2 DESC;`,
    },
    { name: 'curl', language: 'shellscript', code: `curl -L${header} -O \\\n  "${origin}/datasets/${dataset}/resolve/main/README.md"` },
  ]
}
