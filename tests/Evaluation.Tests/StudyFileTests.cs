using IlgpuDca.Evaluation.Study;
using IlgpuDca.Model;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Studies as files: what they declare, and what is wrong with them, by place.</summary>
public sealed class StudyFileTests
{
    const string Passkey = """{"task": "passkey", "trials": 2}""";

    [Fact]
    public void AGridIsEveryCombination()
    {
        using StudyFolder folder = new();
        string file = folder.Write("a.json", $$"""
            {"title": "t", "methods": ["plain", "dca"], "dca": {"s": [128, 256], "window": [64, 128]}, "lengths": [512, 1024],
             "tasks": [{{Passkey}}, {"task": "perplexity", "text": "t.txt", "tokens": 2048}], "seeds": [0, 7]}
            """);
        folder.Write("t.txt", "a text");
        StudyGrid grid = StudyFile.Read(file, new Dictionary<string, string>());
        Assert.Equal(["plain", "dca:s=128:pmax=191", "dca:s=128:pmax=255", "dca:s=256:pmax=319", "dca:s=256:pmax=383"], grid.Methods.Select(method => method.ToString()));
        // Perplexity draws nothing: one seed is enough for it.
        Assert.Equal(5 * 2 * (2 + 1), grid.Cells().Count);
        Assert.Equal(grid.Cells().Count, grid.Cells().Select(cell => cell.Setting).Distinct().Count());
    }

    [Fact]
    public void AnotherContentIsAnotherCell()
    {
        using StudyFolder folder = new();
        string file = folder.Write("a.json", """{"title": "t", "methods": ["plain"], "lengths": [8], "tasks": [{"task": "perplexity", "text": "t.txt", "tokens": 8}]}""");
        folder.Write("t.txt", "one");
        CellSetting one = StudyFile.Read(file, new Dictionary<string, string>()).Cells()[0].Setting;
        string other = folder.Write("other.txt", "another");
        CellSetting another = StudyFile.Read(file, new Dictionary<string, string> { ["t.txt"] = other }).Cells()[0].Setting;
        Assert.NotEqual(one, another);
        Assert.Equal(one with { Task = another.Task }, another);
    }

    [Theory]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [PASSKEY], "length": 1}""", "length is unknown")]
    [InlineData("""{"methods": ["dca"], "lengths": [8], "tasks": [PASSKEY]}""", "title is missing")]
    [InlineData("""{"title": "t", "methods": [], "lengths": [8], "tasks": [PASSKEY]}""", "methods is an empty list")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8, "9"], "tasks": [PASSKEY]}""", "lengths[1] is the string '9'")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [0], "tasks": [PASSKEY]}""", "lengths[0] is 0")]
    [InlineData("""{"title": "t", "methods": ["dcaa"], "lengths": [8], "tasks": [PASSKEY]}""", "did you mean dca?")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [{"task": "passkey", "trails": 2}]}""", "tasks[0].trails is unknown")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [{"task": "pass"}]}""", "tasks[0].task is 'pass'")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [PASSKEY, 3]}""", "tasks[1] is the number 3")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [{"task": "perplexity", "text": "none.txt", "tokens": 8}]}""", "tasks[0].text is 'none.txt'")]
    [InlineData("""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [{"task": "needle", "text": "none.txt"}]}""", "--text none.txt=FILE")]
    [InlineData("""{"title": "t", "models": ["huge"], "methods": ["dca"], "lengths": [8], "tasks": [PASSKEY]}""", "models[0] is 'huge'")]
    [InlineData("""{"title": "t", "models": ["shape:gpt"], "methods": ["dca"], "lengths": [8], "tasks": [PASSKEY]}""", "the shapes are llama2-7b")]
    [InlineData("""{"title": "t", "methods": ["dca"], "dca": {"s": [256], "pmax": [600]}, "lengths": [8], "tasks": [PASSKEY]}""", "dca combines s 256 with pmax 600")]
    [InlineData("""{"title": "t", "methods": ["dca"], "dca": {"window": [6]}, "lengths": [8], "tasks": [PASSKEY]}""", "dca.window needs dca.s")]
    [InlineData("""{"title": "t", "methods": ["plain"], "dca": {"s": [6]}, "lengths": [8], "tasks": [PASSKEY]}""", "dca changes nothing")]
    [InlineData("""{"title": "t", "methods": ["dca", "dca"], "lengths": [8], "tasks": [PASSKEY]}""", "stands there twice")]
    [InlineData("""{"title": "t", "title": "u", "methods": ["dca"], "lengths": [8], "tasks": [PASSKEY]}""", "title stands there twice")]
    [InlineData("""{"title": "t" """, "is no JSON")]
    [InlineData("[]", "the file is a list")]
    public void MistakesAreNamedByTheirPlace(string json, string expected)
    {
        using StudyFolder folder = new();
        string file = folder.Write("bad.json", json.Replace("PASSKEY", Passkey, StringComparison.Ordinal));
        string message = Assert.Throws<UsageException>(() => StudyFile.Read(file, new Dictionary<string, string>())).Message;
        Assert.StartsWith("bad.json: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATextThatNoTaskReadsIsRefused()
    {
        using StudyFolder folder = new();
        string file = folder.Write("a.json", $$"""{"title": "t", "methods": ["dca"], "lengths": [8], "tasks": [{{Passkey}}]}""");
        Assert.Contains("--text novel", Assert.Throws<UsageException>(() => StudyFile.Read(file, new Dictionary<string, string> { ["novel"] = file })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCommittedStudyCanBeRead()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "studies"), "*.json");
        Assert.True(files.Length >= 10);
        foreach (string file in files)
        {
            string content = File.ReadAllText(file);
            Dictionary<string, string> texts = [];
            foreach (string novel in (string[])["middlemarch", "moby_dick"])
                if (content.Contains($"\"{novel}\"", StringComparison.Ordinal))
                    texts[novel] = Path.Combine(Repository.Root, "studies", "text", "alice.txt");
            Assert.NotEmpty(StudyFile.Read(file, texts).Cells());
        }
    }
}
