using System.Text.Json;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Conversations as the models' makers document them, written out by hand.</summary>
public class ChatTemplateTests
{
    static readonly ChatMessage[] s_turns =
    [
        new("system", "Be kind."), new("user", "Hi"), new("assistant", "Hello!"), new("user", "Bye"),
    ];

    static ChatTemplate Qwen3()
    {
        ModelSource source = ModelSource.FromFolder(Fixtures.Shared("qwen3"));
        return ChatTemplate.Find(source, null, TokenizerFiles.Find(source)!)!;
    }

    static string BuiltIn(string name) =>
        ChatTemplate.BuiltIn(name, Fixtures.Open("tiny"))!.Render(s_turns);

    [Fact]
    public void ChatMl() => Assert.Equal(
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n"
        + "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n", BuiltIn("chatml"));

    [Fact]
    public void Llama2() => Assert.Equal(
        "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi [/INST] Hello! </s><s>[INST] Bye [/INST]", BuiltIn("llama2"));

    [Fact]
    public void Llama3() => Assert.Equal(
        "<s><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n", BuiltIn("llama3"));

    [Fact]
    public void Mistral() => Assert.Equal("<s>[INST] Be kind.\n\nHi [/INST] Hello!</s>[INST] Bye [/INST]", BuiltIn("mistral"));

    [Fact]
    public void Plain() => Assert.Equal("<s>Be kind.\nUser: Hi\nAssistant: Hello!\nUser: Bye\nAssistant:", BuiltIn("plain"));

    [Fact]
    public void Qwen3Turns()
    {
        const string Past = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n"
            + "<|im_start|>user\nBye<|im_end|>\n";
        ChatTemplate template = Qwen3();
        Assert.Equal(Past + "<|im_start|>assistant\n", template.Render(s_turns));
        Assert.Equal(Past, template.Render(s_turns, new ChatTemplateOptions { AddsGenerationPrompt = false }));
        Assert.Equal(Past + "<|im_start|>assistant\n<think>\n\n</think>\n\n", template.Render(s_turns,
            new ChatTemplateOptions { Switches = new Dictionary<string, bool> { ["enable_thinking"] = false } }));
        Assert.Equal(Past + "<|im_start|>assistant\n", template.Render(s_turns,
            new ChatTemplateOptions { Switches = new Dictionary<string, bool> { ["enable_thinking"] = true } }));
    }

    /// <summary>Thoughts of earlier turns go; those since the last question stay.</summary>
    [Fact]
    public void Qwen3Thoughts()
    {
        ChatMessage thought = new("assistant", "<think>\nhm\n</think>\n\nHello!");
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n",
            Qwen3().Render([new("user", "Hi"), thought, new("user", "Bye")], new ChatTemplateOptions { AddsGenerationPrompt = false }));
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\nhm\n</think>\n\nHello!<|im_end|>\n",
            Qwen3().Render([new("user", "Hi"), thought], new ChatTemplateOptions { AddsGenerationPrompt = false }));
    }

    [Fact]
    public void Qwen3Tools()
    {
        using JsonDocument tools = JsonDocument.Parse("""[{"type":"function","function":{"name":"add","parameters":{"a":1.5}}}]""");
        using JsonDocument messages = JsonDocument.Parse("""
            [{"role":"system","content":"Be kind."},{"role":"user","content":"1+2?"},
            {"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"add","arguments":{"a":1,"b":2}}},
            {"name":"add","arguments":"{\"a\":3}"}]},
            {"role":"tool","content":"3"},{"role":"tool","content":"4"}]
            """);
        Assert.Equal("""
            <|im_start|>system
            Be kind.

            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>
            {"type": "function", "function": {"name": "add", "parameters": {"a": 1.5}}}
            </tools>

            For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
            <tool_call>
            {"name": <function-name>, "arguments": <args-json-object>}
            </tool_call><|im_end|>
            <|im_start|>user
            1+2?<|im_end|>
            <|im_start|>assistant
            <tool_call>
            {"name": "add", "arguments": {"a": 1, "b": 2}}
            </tool_call>
            <tool_call>
            {"name": "add", "arguments": {"a":3}}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            3
            </tool_response>
            <tool_response>
            4
            </tool_response><|im_end|>
            <|im_start|>assistant

            """, Qwen3().Render(messages.RootElement, new ChatTemplateOptions { Tools = tools.RootElement }));
    }

    [Fact]
    public void ConfigsAreRead()
    {
        TokenizerConfig config = TokenizerConfig.Read(FileBytes.From("tokenizer_config.json", """
            {"bos_token":{"content":"<s>"},"eos_token":"</s>","add_bos_token":true,
            "chat_template":[{"name":"default","template":"a"},{"name":"tool_use","template":"b"}]}
            """u8.ToArray()));
        Assert.Equal(("<s>", "</s>", true, 2), (config.Bos, config.Eos, config.AddsBos, config.ChatTemplates.Count));
        Assert.Contains("'chat_template'", Assert.Throws<ModelFormatException>(() => TokenizerConfig.Read(
            FileBytes.From("tokenizer_config.json", "{\"chat_template\":5}"u8.ToArray()))).Message);
    }
}
