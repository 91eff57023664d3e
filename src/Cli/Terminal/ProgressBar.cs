using System.Diagnostics;
using Spectre.Console;

namespace IlgpuDca.Cli;

/// <summary>Shows how far a long piece of work is: a bar on a terminal, now and then a line in a pipe.</summary>
static class ProgressBar
{
    static readonly TimeSpan _lineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs work and shows its progress.</summary>
    /// <param name="label">What is done.</param>
    /// <param name="work">Reports the part that is done, 0 to 1.</param>
    public static T Run<T>(string label, Func<IProgress<double>, T> work)
    {
        if (!Messages.IsTerminal)
            return work(new Lines(label));
        return Messages.Bars.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(label), maxValue: 1);
                return work(new Callback(done => task.Value = done));
            });
    }

    /// <summary>Reports on the caller's thread.</summary>
    sealed class Callback(Action<double> action) : IProgress<double>
    {
        public void Report(double value) => action(value);
    }

    /// <summary>Work that is done before the interval has passed says nothing.</summary>
    sealed class Lines(string label) : IProgress<double>
    {
        readonly Stopwatch _sinceLine = Stopwatch.StartNew();

        public void Report(double value)
        {
            if (_sinceLine.Elapsed < _lineInterval)
                return;
            _sinceLine.Restart();
            Messages.Line($"{label}: {value:0 %}");
        }
    }
}
