namespace IlgpuDca.Kernels.Attention;

/// <summary>How far apart a query and a key are, counted in DCA chunks.</summary>
public enum DcaRelation
{
    /// <summary>The same chunk.</summary>
    Intra,
    /// <summary>Neighbouring chunks.</summary>
    Successive,
    /// <summary>Two or more chunks apart.</summary>
    Inter,
}
