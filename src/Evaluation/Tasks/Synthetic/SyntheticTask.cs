using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// A task that is drawn, not collected, in the classes that the RULER paper (arXiv 2404.06654) describes: what it asks for is
/// known, and it is as long as wanted.
/// </summary>
public abstract class SyntheticTask
{
    /// <summary>Wrong answers of a sample.</summary>
    protected const int WrongAnswers = 4;

    /// <summary>Tokens that a model may write besides twice the answer's.</summary>
    const int SpareTokens = 16;

    /// <summary>As flags call it: the paper's abbreviations.</summary>
    public abstract string Name { get; }

    /// <summary>What it asks for.</summary>
    public abstract string Description { get; }

    /// <summary>Units of the shortest prompt.</summary>
    protected virtual int LeastUnits => 0;

    /// <summary>Draws a prompt. What is asked for must be drawn before what only makes it longer.</summary>
    /// <param name="random">The same for every count of units.</param>
    /// <param name="units">Sentences, pairs or words that make it long.</param>
    protected abstract SyntheticDraft Draft(SplitMix64 random, int units);

    /// <summary>The longest prompt of a sample that fits.</summary>
    /// <param name="encoder">Makes ids of prompts.</param>
    /// <param name="length">Most tokens of prompt and answer together.</param>
    /// <param name="seed">Draws all samples.</param>
    /// <param name="sample">Which one.</param>
    /// <param name="predict">Tokens that a model may write; null: twice those of the answer and some more.</param>
    /// <exception cref="UsageException">The shortest prompt is too long.</exception>
    public SyntheticSample Draw(PromptEncoder encoder, int length, ulong seed, int sample, int? predict = null)
    {
        SyntheticSample least = Encode(LeastUnits);
        if (least.Length > length)
            throw new UsageException($"--length {length} is too short for {Name}: its shortest prompt takes {least.Length} tokens "
                + $"with the answer. Fix: give --length {least.Length} or more.");
        return UnitSearch.Longest(LeastUnits, least, length, Encode);

        SyntheticSample Encode(int units)
        {
            SyntheticDraft draft = Draft(SplitMix64.Of(seed, sample), units);
            (int[] prompt, int[] answer) = Answer(draft.References);
            int[][] wrong = [.. draft.Wrong.Select(strings => Answer(strings).Answer)];
            return new SyntheticSample(prompt, draft.References, answer, wrong, predict ?? 2 * answer.Length + SpareTokens);

            (int[] Prompt, int[] Answer) Answer(IReadOnlyList<string> strings) =>
                encoder.Encode(draft.Message, draft.Opening, " " + SyntheticDraft.Join(strings));
        }
    }
}
