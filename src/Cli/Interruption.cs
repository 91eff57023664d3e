using System.Runtime.InteropServices;

namespace IlgpuDca.Cli;

/// <summary>
/// Ctrl+C and SIGTERM: the token is cancelled, and where the work doesn't look at it soon enough (a long kernel, a slow disk)
/// the process ends anyway.
/// </summary>
sealed class Interruption : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    public CancellationToken Token => _source.Token;

    /// <summary>Asked first at Ctrl+C: true where it stopped only a part of the work, and the program goes on.</summary>
    public static Func<bool>? Interceptor { get; set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT && Interceptor?.Invoke() == true)
            return;
        if (!_source.IsCancellationRequested)
            new Thread(EndAnyway) { IsBackground = true }.Start();
        _source.Cancel();
    }

    static void EndAnyway()
    {
        Thread.Sleep(_patience);
        Messages.ShowCursor();
        Messages.Error("interrupted.");
        Environment.Exit(ExitCode.Interrupted);
    }
}
