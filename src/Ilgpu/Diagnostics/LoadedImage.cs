using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace IlgpuDca.Ilgpu.Diagnostics;

/// <summary>
/// The image of an assembly that has no file: one in a single-file program, or loaded from bytes. The runtime gives
/// out its metadata only; the image starts some way before it.
/// </summary>
static unsafe class LoadedImage
{
    /// <summary>Bytes between the addresses at which an image may start.</summary>
    const int Step = 8;

    /// <summary>The longest way back to the start: images of 64 MB are taken for lost.</summary>
    const long SearchBytes = 64L << 20;

    /// <summary>Bytes of an image's first headers: the search looks no further than this at a candidate.</summary>
    const int HeaderBytes = 512;

    /// <summary>The image, or null when it is not found.</summary>
    public static PEReader? Find(Assembly assembly)
    {
        if (!assembly.TryGetRawMetadata(out byte* metadata, out int length))
            return null;
        byte* candidate = (byte*)((nint)metadata & ~(nint)(Step - 1));
        for (long back = 0; back < SearchBytes; back += Step, candidate -= Step)
        {
            if (*(ushort*)candidate != 0x5a4d)
                continue;
            int header = *(int*)(candidate + 0x3c);
            if (header is < 0x40 or > HeaderBytes || *(int*)(candidate + header) != 0x4550)
                continue;
            if (Open(candidate, metadata, length) is { } image)
                return image;
        }
        return null;
    }

    /// <summary>
    /// The image at an address if it owns the metadata, whether it lies as in the file or as the loader maps it.
    /// </summary>
    static PEReader? Open(byte* start, byte* metadata, int length)
    {
        foreach (bool mapped in (bool[])[false, true])
        {
            try
            {
                // Sections end after the metadata; the debug data of a managed image lies in its first section,
                // beside it.
                PEHeaders headers = new(new UnmanagedMemoryStream(start, metadata - start + length), 0, mapped);
                if (start + headers.MetadataStartOffset != metadata)
                    continue;
                int size = mapped
                    ? headers.PEHeader!.SizeOfImage
                    : headers.SectionHeaders.Max(section => section.PointerToRawData + section.SizeOfRawData);
                return new PEReader(start, size, mapped);
            }
            catch (BadImageFormatException)
            {
                // Bytes that only look like an image's start.
            }
        }
        return null;
    }
}
