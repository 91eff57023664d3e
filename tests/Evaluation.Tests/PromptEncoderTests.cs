using IlgpuDca.Loader;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Prompts as plain text and as a user's message.</summary>
public sealed class PromptEncoderTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    const string Template = "{{ bos_token }}{% for message in messages %}[{{ message.role }}] {{ message.content }} [end]{% endfor %}";

    [Fact]
    public void APlainTextIsContinued()
    {
        PromptEncoder encoder = new(tiny.Tokenizer);
        int[] prompt = encoder.Encode("Who was it?\n", "Answer:");
        Assert.Equal(tiny.Tokenizer.Encode("Who was it?\nAnswer:", addBos: true), prompt);
        (int[] same, int[] answer) = encoder.Encode("Who was it?\n", "Answer:", " the king");
        Assert.Equal(prompt, same);
        Assert.Equal(tiny.Tokenizer.Encode("Who was it?\nAnswer: the king", addBos: true), same.Concat(answer));
    }

    [Fact]
    public void AMessageIsAnsweredFromTheOpeningOn()
    {
        PromptEncoder encoder = new(tiny.Tokenizer, ChatTemplate.Parse(Template, tiny.Tokenizer), "Be brief.");
        int[] expected = tiny.Tokenizer.Encode("[system] Be brief. [end][user] Who was it? [end] Answer:", addBos: true);
        (int[] prompt, int[] answer) = encoder.Encode("Who was it?\n", "Answer:", " the king");
        // The template's bos is one control token, and no second one is put before it.
        Assert.Equal(tiny.Tokenizer.BosId, prompt[0]);
        Assert.Single(prompt, id => id == tiny.Tokenizer.BosId);
        Assert.Equal(tiny.Tokenizer.Decode(expected).Trim(), tiny.Tokenizer.Decode(prompt).Trim());
        Assert.EndsWith(" the king", tiny.Tokenizer.Decode([.. prompt, .. answer]), StringComparison.Ordinal);
    }

    [Fact]
    public void ATaskTakesATemplate()
    {
        TaskPrompts prompts = new(new PromptEncoder(tiny.Tokenizer, ChatTemplate.Parse(Template, tiny.Tokenizer)), TaskFormat.Instruction,
            Truncation.None, null);
        TaskQuestion question = new(1, "t", "D", [], "Q?", ["x"], new TokenF1());
        string text = tiny.Tokenizer.Decode(prompts.Build(question).Ids);
        Assert.Contains("[user] Document is as follows. D", text, StringComparison.Ordinal);
        Assert.EndsWith("[end] Answer:", text, StringComparison.Ordinal);
    }
}
