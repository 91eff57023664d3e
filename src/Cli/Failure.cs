using ILGPU.Runtime;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli;

/// <summary>From an exception to an exit code and one sentence.</summary>
static class Failure
{
    /// <summary>Set to 1, shows stack traces.</summary>
    const string DebugVariable = "ILGPUDCA_DEBUG";

    /// <summary>Says what went wrong on stderr, and gives the exit code.</summary>
    public static int Report(Exception exception)
    {
        while (exception is AggregateException or System.Reflection.TargetInvocationException or TypeInitializationException
            && exception.InnerException is { } inner)
            exception = inner;
        if (exception is ClosedPipeException)
            return ExitCode.Ok;

        (int code, string sentence) = Explain(exception);
        Messages.Error(sentence);
        if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
            Messages.Line(exception.ToString());
        return code;
    }

    static (int Code, string Sentence) Explain(Exception exception) => exception switch
    {
        OperationCanceledException => (ExitCode.Interrupted, "interrupted."),
        UsageException => (ExitCode.Usage, exception.Message),
        ModelFormatException => (ExitCode.ModelFile, exception.Message),
        TemplateException => (ExitCode.ModelFile, $"{exception.Message} Fix: give another template with --chat-template."),
        GpuUnavailableException => (ExitCode.Gpu, exception.Message),
        ContextExceededException => (ExitCode.ContextExceeded, exception.Message),
        AcceleratorException => (ExitCode.Gpu, exception.Message),
        OutOfMemoryException => (ExitCode.Failure,
            "there is not enough memory: set a smaller --ctx-size, use --dtype bf16, or close other programs."),
        OutputException => (ExitCode.Failure, exception.Message),
        _ => (ExitCode.Failure,
            $"{OneLine(exception.Message)} ({exception.GetType().Name}; {DebugVariable}=1 shows where)"),
    };

    static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
