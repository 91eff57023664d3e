namespace IlgpuDca.Evaluation;

/// <summary>Puts facts between the sentences of a long text.</summary>
/// <param name="sentences">The text's; repeated where more are needed.</param>
sealed class HiddenFacts(IReadOnlyList<string> sentences)
{
    /// <summary>The filler of passkey retrieval.</summary>
    public static IReadOnlyList<string> Filler { get; } = Split(PasskeyText.Filler);

    /// <summary>A text with facts inside, a space between sentences.</summary>
    /// <param name="places">For each fact how far inside it stands, 0 to 1; facts of the same place stay in order.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="count">Sentences without the facts.</param>
    public string Write(IReadOnlyList<double> places, IReadOnlyList<string> facts, int count)
    {
        (int Before, string Fact)[] ordered =
            [.. places.Select((place, i) => ((int)(place * (count + 1)), facts[i])).OrderBy(fact => fact.Item1)];
        List<string> written = [];
        int next = 0;
        for (int sentence = 0; sentence <= count; sentence++)
        {
            for (; next < ordered.Length && ordered[next].Before == sentence; next++)
                written.Add(ordered[next].Fact);
            if (sentence < count)
                written.Add(sentences[sentence % sentences.Count]);
        }
        return string.Join(' ', written);
    }

    /// <summary>Draws a place for each fact.</summary>
    public static double[] Places(SplitMix64 random, int facts) => [.. Enumerable.Range(0, facts).Select(_ => random.Fraction())];

    /// <summary>A text's sentences: each ends with a full stop, a question or an exclamation mark before white space.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> sentences = [];
        int start = 0;
        for (int i = 0; i < text.Length; i++)
            if (i + 1 == text.Length || text[i] is '.' or '!' or '?' && char.IsWhiteSpace(text[i + 1]))
            {
                if (text[start..(i + 1)].Trim() is { Length: > 0 } sentence)
                    sentences.Add(sentence);
                start = i + 1;
            }
        return sentences;
    }
}
