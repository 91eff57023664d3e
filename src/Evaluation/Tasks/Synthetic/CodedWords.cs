namespace IlgpuDca.Evaluation;

/// <summary>Words that mean nothing and can be spoken: three syllables, more than a million of them.</summary>
static class CodedWords
{
    const string Consonants = "bcdfghjklmnprstvwz", Vowels = "aeiou";
    const int Syllables = 3;

    public static string Draw(SplitMix64 random) => string.Concat(Enumerable.Range(0, Syllables)
        .Select(_ => $"{Consonants[random.Below(Consonants.Length)]}{Vowels[random.Below(Vowels.Length)]}"));
}
