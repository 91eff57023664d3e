using System.Text.Json;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Reads tasks in JSON Lines: each line an object with "document", "question" and "answers" (an array of strings), and where wanted
/// "examples" (objects with "question" and "answer"), "metric" and "task". Other keys are not looked at; blank lines are passed over.
/// </summary>
public static class TaskFile
{
    /// <summary>Reads all lines.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its name, for errors; tasks without a name are called so.</param>
    /// <param name="standard">The metric of lines without one.</param>
    /// <exception cref="UsageException">A line that is of another form, named with its key; or no line at all.</exception>
    public static IReadOnlyList<TaskQuestion> Read(string text, string file, IMetric standard)
    {
        List<TaskQuestion> questions = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            if (!string.IsNullOrWhiteSpace(lines[i]))
                questions.Add(ReadLine(lines[i], i + 1, $"{file} line {i + 1}", Path.GetFileNameWithoutExtension(file), standard));
        return questions.Count > 0 ? questions
            : throw new UsageException($"{file}: has no questions. Fix: give a file with one JSON object a line.");
    }

    static TaskQuestion ReadLine(string text, int line, string place, string name, IMetric standard)
    {
        JsonDocument parsed;
        try
        {
            parsed = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{place}: is no JSON object: {exception.Message.ReplaceLineEndings(" ")} "
                + "Fix: write one object on each line.");
        }
        using JsonDocument document = parsed;
        TaskLine keys = new(document.RootElement, place);
        IReadOnlyList<string> answers = keys.Texts("answers");
        if (answers.Count == 0)
            throw new UsageException($"{place}: 'answers' is empty. Fix: give at least one right answer.");
        string? metric = keys.OptionalText("metric");
        return new TaskQuestion(line, keys.OptionalText("task") ?? name, keys.Text("document"),
            [.. keys.Objects("examples").Select(example => new TaskExample(example.Text("question"), example.Text("answer")))],
            keys.Text("question"), answers,
            metric is null ? standard : Metrics.Find(metric) ?? throw new UsageException(
                $"{place}: 'metric' is '{metric}'. Fix: make it one of {string.Join(", ", Metrics.Names)}."));
    }
}
