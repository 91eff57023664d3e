using System.Text.Encodings.Web;
using System.Text.Json;
using IlgpuDca.Evaluation;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Commands;

/// <summary>A file that gets a line of JSON for each question, at once.</summary>
sealed class TaskOutput : IDisposable
{
    static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly FileStream _file;

    TaskOutput(FileStream file) => _file = file;

    /// <summary>Makes the file, or empties it.</summary>
    public static TaskOutput Create(string path)
    {
        try
        {
            return new TaskOutput(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--output {path}: {exception.Message} Fix: give a file that can be written.");
        }
    }

    public void Write(TaskOutcome outcome)
    {
        TaskQuestion question = outcome.Prompt.Question;
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, _options))
        {
            json.WriteStartObject();
            json.WriteNumber("line", question.Line);
            json.WriteString("task", question.Task);
            json.WriteString("question", question.Question);
            json.WriteString("answer", outcome.Answer);
            json.WriteStartArray("answers");
            foreach (string answer in question.Answers)
                json.WriteStringValue(answer);
            json.WriteEndArray();
            json.WriteString("metric", question.Metric.Name);
            json.WriteFinite("score", outcome.Score);
            json.WriteNumber("tokens", outcome.Prompt.Ids.Length);
            json.WriteNumber("dropped_words", outcome.Prompt.DroppedWords);
            json.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        try
        {
            _file.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
            _file.Flush();
        }
        catch (IOException exception)
        {
            throw new OutputException($"--output {_file.Name} can't be written: {exception.Message}");
        }
    }

    public void Dispose() => _file.Dispose();
}
