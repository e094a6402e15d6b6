"""Talks to the gateway with OpenAI's own Python client, as it is; prints what came as JSON."""
import json
import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key=sys.argv[2], max_retries=0)
granted = {"X-Colloquy-Consent": "granted"}
hello = [{"role": "user", "content": "Hi"}]
tools = [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]

whole = client.chat.completions.create(model="good", messages=hello)
stream = client.chat.completions.create(model="good", messages=hello, stream=True, extra_headers=granted)
text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
called = ""
for chunk in client.chat.completions.create(model="tools", messages=hello, tools=tools, stream=True):
    for call in chunk.choices[0].delta.tool_calls or []:
        called += (call.function.name or "") + (call.function.arguments or "")
try:
    client.chat.completions.create(model="nothing", messages=hello)
    refused = None
except Exception as error:
    refused = [type(error).__name__, error.code]
print(json.dumps({"models": [model.id for model in client.models.list()], "whole": whole.choices[0].message.content, "text": text, "called": called, "refused": refused}))
