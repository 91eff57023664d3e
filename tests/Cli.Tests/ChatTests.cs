using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>Conversations through a pipe, with the built-in model on the CPU.</summary>
public sealed class ChatTests : IDisposable
{
    static readonly string[] s_flags = ["chat", "--device", "cpu", "--temp", "0", "-n", "6", "-c", "200"];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-chat");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AnswersGoToStdoutAndAllElseToStderr()
    {
        ProcessResult result = Chat("The old man looked\n/show\n/show parameters\n/?\n/bye\nnever read\n");
        Assert.True(result.Code == 0, result.Errors);
        Assert.NotEqual("", result.Output.Trim());
        Assert.DoesNotContain(">>>", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Contains("2 messages", result.Errors, StringComparison.Ordinal);
        Assert.Contains("num_predict 6", result.Errors, StringComparison.Ordinal);
        Assert.Contains("/set parameter NAME VALUE", result.Errors, StringComparison.Ordinal);
        Assert.Contains("'plain' is used", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksAndParametersAndSystemAreTaken()
    {
        ProcessResult result = Chat("/set parameter num_predict 3\n/set system You talk.\n/show system\n\"\"\"\nTwo\nlines\n\"\"\"\n/show\n/clear\n/show info\n");
        Assert.True(result.Code == 0, result.Errors);
        Assert.Contains("You talk.", result.Errors, StringComparison.Ordinal);
        Assert.Contains(": 2 messages", result.Errors, StringComparison.Ordinal);
        Assert.Contains(": 0 messages", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SavedConversationsGoOnAsTheyWere()
    {
        string file = Path.Combine(_folder.FullName, "talk");
        ProcessResult whole = Chat($"Hello there\n/save {file}\nAnd then\n");
        ProcessResult loaded = Chat($"/load {file}\nAnd then\n");
        Assert.True(loaded.Code == 0, loaded.Errors);
        Assert.True(File.Exists(file + ".chat.json"));
        Assert.Single(_folder.GetFiles());
        Assert.EndsWith(loaded.Output, whole.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void FullContextIsTold()
    {
        ProcessResult result = Ilgpudca.RunWith(string.Concat(Enumerable.Repeat("many words ", 40)) + "\n",
            "chat", "--device", "cpu", "-c", "32");
        Ilgpudca.IsSentence(result, 5, "tokens", "context of 32", "--ctx-size");
    }

    [Theory]
    [InlineData("/nonsense", "/nonsense")]
    [InlineData("/set parameter top_p 7", "top_p is '7'")]
    [InlineData("/set parameter colour red", "temperature")]
    [InlineData("/load /nowhere/at/all", "can't be read")]
    [InlineData("/show everything", "/show takes")]
    public void MistakesAreTold(string line, string named) => Ilgpudca.IsSentence(Chat(line + "\n"), 2, named);

    [Fact]
    public void TemplatesAreChosen()
    {
        string file = Path.Combine(_folder.FullName, "own.jinja");
        File.WriteAllText(file, "{{ messages[0].content }}");
        Assert.Equal(0, Ilgpudca.RunWith("The old man\n", [.. s_flags, "--chat-template", file]).Code);
        Assert.Equal(0, Ilgpudca.RunWith("Hi\n", [.. s_flags, "--chat-template", "llama2"]).Code);
        Ilgpudca.IsSentence(Ilgpudca.RunWith("Hi\n", [.. s_flags, "--chat-template", "nonsense"]), 2, "nonsense", "chatml");
        File.WriteAllText(file, "{{ raise_exception('no') }}");
        Ilgpudca.IsSentence(Ilgpudca.RunWith("Hi\n", [.. s_flags, "--chat-template", file]), 3, "line 1", "no");
    }

    static ProcessResult Chat(string input) => Ilgpudca.RunWith(input, s_flags);
}
