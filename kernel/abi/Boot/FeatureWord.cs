namespace Skerry.Abi.Boot;

/// <summary>Registers of CPUID that tell features (Intel SDM vol. 2A, CPUID); 0 where the processor has no such leaf.</summary>
public enum FeatureWord
{
    // Leaf 1.
    BasicEcx,
    BasicEdx,

    // Leaf 0x80000001.
    ExtendedEcx,
    ExtendedEdx,

    // Leaf 7.
    StructuredEbx,
    StructuredEcx,
    StructuredEdx,

    /// <summary>Leaf 0x80000008, ebx (AMD APM vol. 3, E.4.7).</summary>
    SizesEbx,

    /// <summary>
    /// Leaf 0xd, eax: what XSAVE saves. 0 on a processor that has none of XSAVE's kin (subleaf 1): QEMU emulates none such,
    /// and stands still at CR4.OSXSAVE of its models.
    /// </summary>
    StateComponents,

    /// <summary>Of leaf 0x80000008, eax: as many low bits are set as physical addresses have bits beyond 32.</summary>
    AddressBits,
}
