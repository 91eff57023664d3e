namespace IlgpuDca.Loader;

/// <summary>Files that are whole or not there: written beside their place, and renamed at the end.</summary>
public static class WholeFile
{
    /// <summary>Writes a file; what stood there is replaced at the end. Of several writers at once the last to end stays.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="write">Writes the bytes; where it throws, nothing is left behind.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        string beside = $"{path}.{Path.GetRandomFileName()[..8]}.part";
        using (FileStream stream = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
        {
            try
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            catch
            {
                File.Delete(beside);
                throw;
            }
        }
        try
        {
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
