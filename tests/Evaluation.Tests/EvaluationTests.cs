using System.Text.Json;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Passkey and perplexity by the protocol of models/tiny.</summary>
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

    [Fact]
    public void PerplexityCutsWindowsThatBeginWithBos()
    {
        int[] ids = tiny.Tokenizer.Encode("The old man looked at the sea and saw that it was a very beautiful island, and he was glad.", addBos: true);
        const int Window = 8;
        AttentionPlan plan = tiny.Plan(AttentionMode.Dense, Window);
        PerplexityResult result = Perplexity.Measure(tiny.Engine, plan, ids, Window, bos: 1, null, TestContext.Current.CancellationToken);

        int windows = (ids.Length - 1) / Window;
        double sum = 0;
        for (int w = 0; w < windows; w++)
        {
            int[] inputs = [1, .. ids[(w * Window + 1)..((w + 1) * Window)]];
            for (int t = 0; t < Window; t++)
                sum += Nll(plan, inputs[..(t + 1)], ids[w * Window + t + 1]);
        }
        Assert.True(windows >= 2);
        Assert.Equal(windows, result.Windows);
        Assert.Equal(windows * Window, result.Tokens);
        Assert.True(Math.Abs(sum / result.Tokens - result.MeanNll) <= Limit.Nll);
        Assert.Equal(Math.Exp(result.MeanNll), result.Perplexity);
    }

    [Fact]
    public void OneTokenHasNoPerplexity() =>
        Assert.Throws<UsageException>(() => Perplexity.Measure(tiny.Engine, tiny.Plan(AttentionMode.Dense, 1), [1], 8, bos: 1));

    double Nll(AttentionPlan plan, int[] ids, int target)
    {
        using TextSession session = tiny.Engine.Begin(plan, ids.Length);
        session.Append(ids);
        float[] logits = session.Logits();
        double max = logits.Max();
        return max + Math.Log(logits.Sum(logit => Math.Exp(logit - max))) - logits[target];
    }

    static string[] Keys(int length)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Repository.Reference("tiny-eval.json")));
        return [.. document.RootElement.GetProperty("passkey").GetProperty($"{length}").GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)];
    }
}
