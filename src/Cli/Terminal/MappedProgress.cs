namespace IlgpuDca.Cli;

/// <summary>Turns what a library reports into the part that is done.</summary>
sealed class MappedProgress<T>(IProgress<double> target, Func<T, double> part) : IProgress<T>
{
    public void Report(T value) => target.Report(part(value));
}
