using System.Text.Json;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>The commands passkey, needle, ruler and task: what they print, and what they refuse.</summary>
public sealed class RetrievalCommandTests : IDisposable
{
    const string Line = """{"document": "The old man looked at the sea. It was green.", "question": "What was green?", "answers": ["the sea"]}""";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void PasskeyByThePapersProtocol()
    {
        JsonElement json = Json("passkey", "--protocol", "paper", "--length", "300", "--trials", "2", "--device",
            "cpu", "--json");
        Assert.Equal("paper", json.GetProperty("protocol").GetString());
        Assert.Equal(1, json.GetProperty("accuracy").GetDouble());
        Assert.All(json.GetProperty("cells").EnumerateArray(),
            cell => Assert.InRange(cell.GetProperty("tokens").GetDouble(), 250, 512));
    }

    [Fact]
    public void NeedleOfOnesOwn()
    {
        string[] arguments = ["needle", "--needle", "The garden number is 482.", "--question",
            "What is the garden number? The garden number is",
            "--answer", "482", "--length", "200,300", "--depths", "2", "--device", "cpu", "--json"];
        JsonElement json = Json(arguments);
        Assert.Equal("generation", json.GetProperty("score").GetString());
        Assert.Equal([(200, 0.0), (200, 1), (300, 0), (300, 1)], json.GetProperty("cells").EnumerateArray()
            .Select(cell => (cell.GetProperty("length").GetInt32(), cell.GetProperty("depth").GetDouble())));
        Assert.Equal(1, json.GetProperty("cells")[3].GetProperty("correct").GetInt32());
        json = Json([.. arguments, "--score", "likelihood", "--candidate", "117"]);
        Assert.Equal("likelihood", json.GetProperty("score").GetString());
        Assert.Equal(1, json.GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void DrawnNeedlesInAFile()
    {
        string file = Write("text.txt", "The old man looked at the sea. It was green and still. There was no ship.");
        ProcessResult result = Ilgpudca.Run("needle", "--needles", "2", "--distractors", "1", "--file", file,
            "--length", "120", "--depths", "1",
            "--score", "likelihood", "--device", "cpu");
        Assert.Equal(0, result.Code);
        Assert.Matches(@"^length 120: [012] of 2  0\.500:[012]/2\n$", result.Output);
        Assert.Contains("it is repeated", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void RulerJson()
    {
        JsonElement result = Json("ruler", "--task", "niah_single", "--task", "fwe", "--length", "256", "--samples",
            "1", "--device", "cpu", "--json")
            .GetProperty("results")[1];
        Assert.Equal("fwe", result.GetProperty("task").GetString());
        JsonElement sample = Assert.Single(result.GetProperty("samples").EnumerateArray());
        Assert.InRange(sample.GetProperty("tokens").GetInt32(), 150, 255);
        Assert.Equal(3, sample.GetProperty("references").GetArrayLength());
        Assert.Equal(result.GetProperty("accuracy").GetDouble(), sample.GetProperty("score").GetDouble());
    }

    [Fact]
    public void TaskJsonAndItsOutput()
    {
        string file = Write("sea.jsonl", Line + "\n" + Line.Replace("\"answers\"", "\"metric\": \"em\", \"answers\"",
            StringComparison.Ordinal) + "\n");
        string output = Path.Combine(_folder.FullName, "out.jsonl");
        JsonElement json = Json("task", file, "-n", "8", "--output", output, "--device", "cpu", "--json");
        Assert.Equal(2, json.GetProperty("questions").GetInt32());
        Assert.Equal(["f1", "em"], json.GetProperty("tasks").EnumerateArray().Select(task =>
            task.GetProperty("metric").GetString()));
        JsonElement[] lines = [.. File.ReadAllLines(output).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([1, 2], lines.Select(line => line.GetProperty("line").GetInt32()));
        Assert.Equal(json.GetProperty("tasks")[0].GetProperty("score").GetDouble(),
            lines[0].GetProperty("score").GetDouble());
        Assert.Equal("sea", lines[0].GetProperty("task").GetString());

        string before = File.ReadAllText(output);
        string[] again = ["task", file, "-n", "8", "--output", output, "--device", "cpu"];
        Ilgpudca.IsSentence(Ilgpudca.Run(again), 2, "--output", output, "--force");
        Assert.Equal(before, File.ReadAllText(output));
        Assert.Equal(0, Ilgpudca.Run([.. again, "--force"]).Code);
    }

    [Fact]
    public void QuestionsAreNotWrittenOver()
    {
        string file = Write("sea.jsonl", Line);
        Ilgpudca.IsSentence(Ilgpudca.Run("task", file, "--output", file, "--device", "cpu"), 2, "--output", file);
        Assert.Equal(Line, File.ReadAllText(file));
    }

    [Fact]
    public void TooLongAPromptIsRefusedUnlessItMayBeShortened()
    {
        string file = Write("sea.jsonl", Line);
        ProcessResult result = Ilgpudca.Run("task", file, "-n", "8", "-c", "28", "--device", "cpu");
        Ilgpudca.IsSentence(result, 5, "line 1", "20", "--truncate");
        Assert.Empty(result.Output);
        JsonElement json = Json("task", file, "-n", "8", "-c", "28", "--truncate", "right", "--device", "cpu",
            "--json");
        Assert.Equal(1, json.GetProperty("shortened").GetInt32());
        Assert.InRange(json.GetProperty("longest_prompt").GetInt32(), 1, 20);
    }

    [Fact]
    public void MalformedLinesAreNamed() =>
        Ilgpudca.IsSentence(Ilgpudca.Run("task", Write("bad.jsonl",
            Line + "\n{\"document\": \"D\", \"question\": 3}\n"), "--device", "cpu"), 2,
            "bad.jsonl line 2", "'answers'", "Fix:");

    [Theory]
    [InlineData("passkey --protocol papers", "--protocol", "paper")]
    [InlineData("passkey --protocol paper --keys x", "--keys", "--protocol")]
    [InlineData("passkey --protocol paper --length 200 --device cpu", "--length 200", "274")]
    [InlineData("needle --needle x", "--needle", "--question", "--answer")]
    [InlineData("needle --needle x --question y --answer z --score likelihood", "--score", "--candidate")]
    [InlineData("needle --needle x --question y --answer z --needles 2", "--needles", "--needle")]
    [InlineData("needle --candidate x", "--candidate", "--needle")]
    [InlineData("needle --length 20 --device cpu", "--length 20")]
    [InlineData("needle --file /dev/null --device cpu", "haystack", "--file")]
    [InlineData("needle --file /nowhere/text", "--file", "/nowhere/text")]
    [InlineData("ruler --system x --device cpu", "--system", "--chat-template")]
    [InlineData("ruler --task niah", "--task", "niah_single")]
    [InlineData("ruler --length 60 --task vt --device cpu", "--length 60", "vt")]
    [InlineData("ruler --file /dev/null", "haystack", "--file")]
    [InlineData("task", "task")]
    [InlineData("task /nowhere/file", "/nowhere/file")]
    [InlineData("task /dev/null", "/dev/null", "no questions")]
    [InlineData("task /dev/null --metric bleu", "--metric", "rouge")]
    public void Misuse(string arguments, params string[] parts) =>
        Ilgpudca.IsSentence(Ilgpudca.Run(arguments.Split(' ')), 2, parts);

    [Theory]
    [InlineData("--truncate left", 2, "--ctx-size")]
    [InlineData("-c 64 -n 64", 2, "--ctx-size", "--predict")]
    [InlineData("--output /nowhere/out", 2, "--output")]
    public void TaskFlagsThatContradict(string flags, int code, params string[] parts) =>
        Ilgpudca.IsSentence(Ilgpudca.Run(["task", Write("sea.jsonl", Line), "--device", "cpu", .. flags.Split(' ')]),
            code, parts);

    [Theory]
    [InlineData("passkey --length 300 -c 200")]
    [InlineData("needle --length 300 -c 200")]
    [InlineData("ruler --task fwe --length 300 -c 200")]
    public void LengthsAboveTheContextAreRefused(string arguments) =>
        Ilgpudca.IsSentence(Ilgpudca.Run([.. arguments.Split(' '), "--device", "cpu"]), 5, "300", "200", "--ctx-size");

    [Theory]
    [InlineData("passkey --length 128,300 -c 200", 5)]
    [InlineData("passkey --length 128,9000000 --trials 1", 5)]
    [InlineData("passkey --length 128,20", 2)]
    [InlineData("needle --length 128,500000000", 5)]
    [InlineData("needle --length 128,20", 2)]
    [InlineData("ruler --task vt --length 128,500000000", 5)]
    [InlineData("bench -p 16 -n 0 -d 0,500000000", 5)]
    public void ALaterLengthThatCannotBeRunEndsBeforeTheFirst(string arguments, int code)
    {
        ProcessResult result = Ilgpudca.Run([.. arguments.Split(' '), "--device", "cpu"]);
        Ilgpudca.IsSentence(result, code);
        Assert.Empty(result.Output);
        Assert.DoesNotContain("attention:", result.Errors, StringComparison.Ordinal);
    }

    string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    static JsonElement Json(params string[] arguments)
    {
        ProcessResult result = Ilgpudca.Run(arguments);
        Assert.True(result.Code == 0, result.Errors);
        Assert.Equal(1, result.Output.Count(character => character == '\n'));
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
