namespace Skerry.Abi;

/// <summary>Where a fault table (AddressSpace.SetFaultTable) keeps the endpoint of each CPU.</summary>
public static class FaultTable
{
    /// <summary>Slot 0 of a table never holds a capability, so the CPUs of the cluster follow from slot 1 on.</summary>
    public static uint SlotFor(uint cpu) => cpu + 1;
}
