using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IlgpuDca.Loader;

/// <summary>The bytes of one model file, readable in place: a mapped file, an embedded resource, or an array.</summary>
/// <remarks>Nothing read through it may be used after <see cref="Dispose"/>.</remarks>
public sealed unsafe class FileBytes : IDisposable
{
    readonly byte* _pointer;
    readonly SafeFileHandle? _file;
    Action? _release;

    FileBytes(string name, byte* pointer, long length, Action release, SafeFileHandle? file = null)
    {
        Name = name;
        _pointer = pointer;
        Length = length;
        _release = release;
        _file = file;
    }

    /// <summary>How messages call the file.</summary>
    public string Name { get; }

    /// <summary>Size of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte. Not aligned to anything.</summary>
    public byte* Pointer =>
        _release is null ? throw new ObjectDisposedException(Name) : _pointer;

    /// <summary>A part of the file.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="length">Bytes; at most <see cref="int.MaxValue"/>.</param>
    public ReadOnlySpan<byte> Span(long start, int length)
    {
        if (start < 0 || length < 0 || start > Length - length)
            throw new ArgumentOutOfRangeException(nameof(start), $"{Name} has {Length} bytes, not {start} + {length}.");
        return new ReadOnlySpan<byte>(Pointer + start, length);
    }

    /// <summary>
    /// Copies a part of the file. A file of the disk is read instead of copied out of its mapping: the kernel then fills the
    /// destination without a page fault for every few pages.
    /// </summary>
    /// <param name="start">First byte.</param>
    /// <param name="destination">As many bytes as are read.</param>
    /// <exception cref="ModelFormatException">The file can't be read, or has become shorter.</exception>
    public void Read(long start, Span<byte> destination)
    {
        if (_file is null || _release is null)
        {
            Span(start, destination.Length).CopyTo(destination);
            return;
        }
        try
        {
            for (int read; !destination.IsEmpty; start += read, destination = destination[read..])
                if ((read = RandomAccess.Read(_file, destination, start)) == 0)
                    throw new ModelFormatException(Name,
                        $"ends at byte {start}, but had {Length} when it was opened. Fix: let the download or copy end first.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(Name, $"can't be read at byte {start}: {e.Message} Fix: check the disk.", e);
        }
    }

    /// <summary>A copy of a small file; refuses one above <paramref name="limit"/> bytes.</summary>
    public byte[] ToArray(int limit)
    {
        if (Length > limit)
            throw new ModelFormatException(Name,
                $"has {Length} bytes, more than the {limit} that such a file may have. "
                + "Fix: check that it is the right file.");
        return Span(0, (int)Length).ToArray();
    }

    /// <summary>Maps a file of the disk, read-only.</summary>
    public static FileBytes Map(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new ModelFormatException(path, "there is no such file. Fix: check the path and the download.");
            // Before any open: a pipe, which would wait for a writer, has no length either.
            if (file.Length == 0)
                throw new ModelFormatException(path, "is empty or no plain file. Fix: download the model again.");
            SafeFileHandle handle = File.OpenHandle(path);
            try
            {
                return Map(path, handle, RandomAccess.GetLength(handle));
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException
            or ArgumentException)
        {
            throw new ModelFormatException(path, $"can't be read: {e.Message} Fix: check the path and its rights.", e);
        }
    }

    static FileBytes Map(string path, SafeFileHandle handle, long length)
    {
        var map = MemoryMappedFile.CreateFromFile(
            handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return new FileBytes(path, start + view.PointerOffset, length, () =>
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            map.Dispose();
            handle.Dispose();
        }, handle);
    }

    /// <summary>Takes over a stream: an embedded resource is read where it lies, any other stream is copied.</summary>
    public static FileBytes From(string name, Stream stream)
    {
        if (stream is UnmanagedMemoryStream { Position: 0 } resource)
            return new FileBytes(name, resource.PositionPointer, resource.Length, resource.Dispose);
        using (stream)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return From(name, copy.ToArray());
        }
    }

    /// <summary>Bytes that are already in memory; the array is pinned until <see cref="Dispose"/>.</summary>
    public static FileBytes From(string name, byte[] bytes)
    {
        GCHandle pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        return new FileBytes(name, (byte*)pin.AddrOfPinnedObject(), bytes.Length, pin.Free);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Action? release = _release;
        _release = null;
        release?.Invoke();
    }
}
