using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IlgpuDca.Cli;

/// <summary>
/// Standard output that tells when its reader has gone or the disk is full. The framework's stream passes over a closed pipe,
/// so that a program would go on computing for nobody.
/// </summary>
sealed partial class StandardOutput : Stream
{
    const int Descriptor = 1;
    const int Interrupted = 4;
    const int TryAgain = 11;
    const int NoSpace = 28;
    const int BrokenPipe = 32;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens standard output.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* bytes = buffer)
                written = WriteDescriptor(Descriptor, bytes, buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                Fail(Marshal.GetLastPInvokeError());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    static void Fail(int error)
    {
        switch (error)
        {
            case Interrupted:
                return;
            case TryAgain:
                Thread.Sleep(1);
                return;
            case BrokenPipe:
                throw new ClosedPipeException();
            case NoSpace:
                throw new OutputException(
                    "standard output can't be written: the disk is full. Fix: free space, or redirect to another disk.");
            default:
                throw new OutputException($"standard output can't be written: {new Win32Exception(error).Message}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint WriteDescriptor(int descriptor, byte* bytes, nint count);
}
