namespace IlgpuDca.Cli;

/// <summary>What the process tells its caller.</summary>
static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int ModelFile = 3;
    public const int Gpu = 4;
    public const int ContextExceeded = 5;

    /// <summary>128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
