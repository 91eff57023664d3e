namespace IlgpuDca.Loader;

/// <summary>Templates for models that bring none, after the formats that their makers document.</summary>
static class BuiltInTemplates
{
    const string ChatMl = """
        {%- for message in messages -%}
        {{ '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' }}
        {%- endfor -%}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif -%}
        """;

    const string Llama2 = """
        {%- set system = namespace(text='') -%}
        {%- for message in messages -%}
        {%- if message.role == 'system' -%}
        {%- set system.text = '<<SYS>>\n' ~ message.content | trim ~ '\n<</SYS>>\n\n' -%}
        {%- elif message.role == 'user' -%}
        {{ bos_token ~ '[INST] ' ~ system.text ~ message.content | trim ~ ' [/INST]' }}
        {%- set system.text = '' -%}
        {%- else -%}
        {{ ' ' ~ message.content | trim ~ ' ' ~ eos_token }}
        {%- endif -%}
        {%- endfor -%}
        """;

    const string Llama3 = """
        {{- bos_token -}}
        {%- for message in messages -%}
        {{ '<|start_header_id|>' ~ message.role ~ '<|end_header_id|>\n\n' ~ message.content | trim ~ '<|eot_id|>' }}
        {%- endfor -%}
        {%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif -%}
        """;

    const string Mistral = """
        {{- bos_token -}}
        {%- set system = namespace(text='') -%}
        {%- for message in messages -%}
        {%- if message.role == 'system' -%}
        {%- set system.text = message.content ~ '\n\n' -%}
        {%- elif message.role == 'user' -%}
        {{ '[INST] ' ~ system.text ~ message.content ~ ' [/INST]' }}
        {%- set system.text = '' -%}
        {%- else -%}
        {{ ' ' ~ message.content ~ eos_token }}
        {%- endif -%}
        {%- endfor -%}
        """;

    const string Plain = """
        {{- bos_token -}}
        {%- for message in messages -%}
        {{ (message.role | capitalize ~ ': ' if message.role != 'system' else '') ~ message.content ~ '\n' }}
        {%- endfor -%}
        {%- if add_generation_prompt %}{{ 'Assistant:' }}{% endif -%}
        """;

    /// <summary>By the names that --chat-template takes.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["chatml"] = ChatMl,
            ["qwen"] = ChatMl,
            ["llama2"] = Llama2,
            ["llama3"] = Llama3,
            ["mistral"] = Mistral,
            ["plain"] = Plain,
        };
}
