using System.Diagnostics;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>Runs the built program.</summary>
static class Ilgpudca
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ilgpudca.exe" : "ilgpudca");

    /// <summary>Runs it on the CPU where the command takes a device.</summary>
    public static ProcessResult Run(params string[] arguments) => Start(Path, arguments);

    /// <summary>Runs it with a text on its standard input.</summary>
    public static ProcessResult RunWith(string input, params string[] arguments) => Start(Path, arguments, input);

    /// <summary>Runs a shell command with the program's path as $1.</summary>
    public static ProcessResult Shell(string command) => Start("/bin/bash", ["-c", command, "bash", Path]);

    /// <summary>One sentence and no stack trace.</summary>
    public static void IsSentence(ProcessResult result, int code, params string[] parts)
    {
        Assert.True(code == result.Code, $"exit code {result.Code}, expected {code}: {result.Errors}");
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", result.Errors, StringComparison.Ordinal);
        string sentence = Assert.Single(result.Errors.Split('\n'), line => line.StartsWith("ilgpudca: ", StringComparison.Ordinal));
        foreach (string part in parts)
            Assert.Contains(part, sentence, StringComparison.Ordinal);
    }

    static ProcessResult Start(string file, string[] arguments, string input = "")
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{file} {string.Join(' ', arguments)} did not end within {_patience}.");
        }
        return new ProcessResult(process.ExitCode, output.Result, errors.Result);
    }
}
