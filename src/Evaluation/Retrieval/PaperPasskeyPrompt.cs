using System.Globalization;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Passkey prompts as the DCA paper's evaluation has them, by characters: head, filler, key, filler and question,
/// joined by line ends and encoded as one text. The filler has 3.75 characters for a token of the length, rounded down
/// to a multiple of 1,024; how many tokens a prompt really has depends on the tokenizer.
/// </summary>
/// <remarks>
/// Without depths each trial's is drawn evenly and keys are 1 to 50,000; with depths, N of them are 1/N to 1 and keys
/// are 50,000 to 500,000, as in that evaluation's heat map.
/// </remarks>
/// <param name="tokenizer">The model's.</param>
public sealed class PaperPasskeyPrompt(ITokenizer tokenizer) : IPasskeyPrompts
{
    const double CharactersPerToken = 3.75;
    const int CharacterStep = 1024;
    const int MostKey = 50_000, MostKeyOfDepths = 500_000;

    /// <summary>Characters of filler for a length: 3.75 a token, in full steps of 1,024.</summary>
    public static int FillerCharacters(int length) =>
        checked((int)Math.Floor(CharactersPerToken * length / CharacterStep) * CharacterStep);

    public (int[] Prompt, int[] Answer) Build(string key, int length, double depth)
    {
        int characters = FillerCharacters(length);
        if (characters == 0)
            throw new UsageException($"--length {length} is too short for the paper's protocol: its filler comes in "
                + "steps of "
                + $"{CharacterStep} characters, the first at {Math.Ceiling(CharacterStep / CharactersPerToken)} "
                + "tokens.");
        int before = (int)Math.Floor(characters * depth);
        string text = string.Join('\n', PasskeyText.Head, PasskeyText.FillerOf(before), PasskeyText.Fact(key),
            PasskeyText.FillerOf(characters - before), PasskeyText.Question);
        return Continuation.Encode(tokenizer, text, " " + key, tokenizer.AddsBos);
    }

    public IReadOnlyList<PasskeyTrial> Trials(ulong seed, int length, int trials, int? depths)
    {
        List<PasskeyTrial> drawn = [];
        int total = checked(trials * (depths ?? 1));
        for (int trial = 0; trial < total; trial++)
        {
            SplitMix64 random = SplitMix64.Of(seed, length, trial);
            int key = depths is null ? 1 + random.Below(MostKey)
                : MostKey + random.Below(MostKeyOfDepths - MostKey + 1);
            double depth = depths is { } steps ? (trial / trials + 1.0) / steps : random.Fraction();
            drawn.Add(new PasskeyTrial(key.ToString(CultureInfo.InvariantCulture), depth));
        }
        return drawn;
    }
}
