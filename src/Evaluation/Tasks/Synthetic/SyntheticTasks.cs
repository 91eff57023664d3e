using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>The synthetic tasks by their names.</summary>
public static class SyntheticTasks
{
    /// <summary>All tasks.</summary>
    /// <param name="haystack">The text between whose sentences facts are hidden; null: the filler of passkey retrieval.</param>
    /// <exception cref="UsageException">The text has no sentence.</exception>
    public static IReadOnlyList<SyntheticTask> All(string? haystack = null)
    {
        IReadOnlyList<string> sentences = haystack is null ? HiddenFacts.Filler : HiddenFacts.Split(haystack);
        if (sentences.Count == 0)
            throw new UsageException("the haystack has no sentence: give --file a text.");
        return
        [
            new NeedleTask(sentences, "niah_single", "the value of the only key", keys: 1, asked: 1, values: 1),
            new NeedleTask(sentences, "niah_multikey", "the value of one of four keys", keys: 4, asked: 1, values: 1),
            new NeedleTask(sentences, "niah_multivalue", "all four values of the only key", keys: 1, asked: 1, values: 4),
            new NeedleTask(sentences, "niah_multiquery", "the values of all four keys", keys: 4, asked: 4, values: 1),
            new KeyValueTask(),
            new VariableTask(sentences),
            new CommonWordsTask(),
            new FrequentWordsTask(),
        ];
    }

    /// <summary>Their names.</summary>
    public static string[] Names { get; } = [.. All().Select(task => task.Name)];
}
