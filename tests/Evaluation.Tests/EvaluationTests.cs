using System.Text.Json;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Passkey by the protocol of models/tiny.</summary>
public sealed class EvaluationTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    [Theory]
    [InlineData(AttentionMode.Dca, 5)]
    [InlineData(AttentionMode.Dense, 0)]
    public void PasskeyAtTwiceTheTrainedLength(AttentionMode mode, int expected)
    {
        const int Length = 1024, Trials = 20;
        PasskeyPrompt prompts = new(tiny.Tokenizer);
        AttentionPlan plan = tiny.Plan(mode, Length);
        string[] keys = Keys(Length);
        int correct = 0;
        foreach (int trial in (int[])[0, 4, 9, 14, 19])
        {
            (int[] prompt, int[] answer) = prompts.Build(keys[trial], Length, (trial + 0.5) / Trials);
            Assert.Equal(6, answer.Length);
            Assert.Equal(Length, prompt.Length + answer.Length);
            if (Passkey.Try(tiny.Engine, plan, prompt, answer, null, TestContext.Current.CancellationToken))
                correct++;
        }
        Assert.Equal(expected, correct);
    }

    [Fact]
    public void APasskeyPromptNeedsRoomForItsParts()
    {
        UsageException refused = Assert.Throws<UsageException>(() => new PasskeyPrompt(tiny.Tokenizer).Build("12345", 50, 0.5));
        Assert.Contains("50", refused.Message, StringComparison.Ordinal);
    }

    static string[] Keys(int length)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Repository.Reference("tiny-eval.json")));
        return [.. document.RootElement.GetProperty("passkey").GetProperty($"{length}").GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)];
    }
}
