namespace IlgpuDca.Evaluation;

/// <summary>The sentences of passkey retrieval, those of Mohtashami and Jaggi.</summary>
static class PasskeyText
{
    public const string Head = "There is an important info hidden inside a lot of irrelevant text. Find it and "
        + "memorize them. I will quiz you about the important information there.";

    /// <summary>Five sentences, repeated with a space between.</summary>
    public const string Filler =
        "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

    public const string Question = "What is the pass key? The pass key is";

    public static string Fact(string key) => $"The pass key is {key}. Remember it. {key} is the pass key.";

    /// <summary>The filler's first characters.</summary>
    public static string FillerOf(int characters) =>
        string.Concat(Enumerable.Repeat(Filler + " ", characters / Filler.Length + 1))[..characters];
}
